import type { AttributeId, ConceptId } from "./ids.ts";

/** Names of a concept or attribute: the first of each language is the one that replies use, the others are synonyms. */
export interface Names {
  readonly en: readonly string[];
  readonly zh: readonly string[];
}

function names(en: string, zh: string): Names {
  return { en: en.split(",").map((name) => name.trim()), zh: zh.split(",").map((name) => name.trim()) };
}

/** English singular names (plurals follow by rule, see names.ts) and Chinese names of every concept. */
export const CONCEPT_NAMES: Readonly<Record<ConceptId, Names>> = {
  airport: names(
    "airport, aerodrome, airfield, airstrip, international airport, air base, airbase, air port, air field",
    "机场,飞机场,航空港,国际机场,民用机场",
  ),
  runway: names("runway, landing strip", "跑道"),
  plane: names(
    "plane, airplane, aeroplane, aircraft, jet, airliner, passenger plane, fighter jet, cargo plane, propeller plane",
    "飞机,客机,战斗机,客机群,运输机,飞行器,民航客机",
  ),
  helicopter: names("helicopter, chopper", "直升机,直升飞机"),
  helipad: names("helipad, heliport, helicopter pad", "直升机坪,直升机停机坪,停机坪"),
  highway: names(
    "motorway, highway, freeway, expressway, trunk road, dual carriageway, toll road, interstate, autobahn, turnpike, express road, ring road, motor way, high way, free way, express way",
    "高速公路,高速路,快速路,高速,高速道路,环线高速,环路,高架路,收费公路",
  ),
  highway_exit: names(
    "motorway exit, highway exit, freeway exit, expressway exit, motorway junction, highway junction, interchange, off-ramp, offramp, off ramp, slip road, motorway interchange, highway interchange, freeway interchange, ramp, exit, on-ramp, highway ramp, motorway ramp, freeway ramp, freeway off-ramp, expressway interchange, expressway junction, expressway ramp, expressway off-ramp, highway off-ramp, motorway off-ramp, motorway slip road, highway access, motorway access, freeway junction, exit ramp, highway access ramp, highway entrance, motorway entrance, freeway entrance, expressway entrance, cloverleaf, cloverleaf interchange, motorway turn-off, highway turnoff, turnoff, trunk road exit, highway exit ramp, freeway exit ramp, motorway exit ramp, motor way exit, high way exit, free way exit, express way exit, motor way junction",
    "高速出口,高速公路出口,高速路出口,匝道,立交,立交桥,互通,互通立交,出入口,高速出入口,高速口,高速公路入口,高速入口,高速路口,高速公路口,高速路入口,高速匝道,高速互通,高速公路匝道,高速公路互通,枢纽互通,高速公路出入口,出口,高速岀口,高速公路岀口",
  ),
  road: names(
    "road, street, roadway, avenue, lane, main road, highstreet, high street, boulevard, motor road, country road, arterial road, access road, byway, lanes, driveway, dirt road, carriageway",
    "道路,公路,马路,街道,路,车道,小路,土路,主干道,国道,省道,大道,干道,乡道,县道",
  ),
  intersection: names(
    "intersection, crossroads, crossroad, road junction, junction, street crossing, traffic junction",
    "交叉口,路口,十字路口,道路交叉口,岔路口,路口处",
  ),
  roundabout: names("roundabout, traffic circle, rotary", "环岛,转盘,环形交叉口,环形路口"),
  bridge: names(
    "bridge, viaduct, overpass, footbridge, road bridge, railway bridge, rail bridge, suspension bridge",
    "桥,桥梁,大桥,高架桥,跨河大桥,跨海大桥,铁路桥,公路桥,人行天桥,天桥,立交桥梁",
  ),
  tunnel: names("tunnel, underpass", "隧道,地下通道,地道"),
  railway: names(
    "railway, railroad, rail line, train line, railway line, rail track, train track, rail, railway track, railway tracks, rail tracks, train tracks, rail corridor, tramway, rail road, rail way",
    "铁路,铁道,铁路线,轨道,铁轨,铁路轨道,火车轨道,高铁",
  ),
  railway_station: names(
    "railway station, train station, rail station, station, metro station, subway station, tram station, railroad station, train depot",
    "火车站,铁路站,车站,高铁站,地铁站,铁路车站,火车站点,动车站",
  ),
  rail_yard: names(
    "rail yard, railyard, railway yard, marshalling yard, shunting yard, freight yard, switching yard, classification yard, rail depot, railway depot, goods yard",
    "铁路货场,编组站,铁路场站,货运站,铁路编组站,货场,铁路货站",
  ),
  parking_lot: names(
    "car park, parking lot, parking area, carpark, parking, parking space, parking structure, parking garage, parking field, car parking, parking area lot, car lot",
    "停车场,停车区,停车位,停车库,停车位区,泊车场,停车厂",
  ),
  truck_yard: names(
    "truck yard, lorry park, truck park, lorry yard, truck parking, truck depot, truck lot, truck stop, lorry stop, truck parking lot, truck parking area, lorry parking, hgv park, lorry depot, freight vehicle yard, truck terminal",
    "卡车停车场,货车停车场,货车场,卡车场,货车堆场,卡车停车区,货车停放场,卡车堆场,大货车停车场",
  ),
  bus_station: names(
    "bus station, bus terminal, bus depot, coach station, bus depot yard, bus stop, bus garage",
    "公交站,汽车站,客运站,公交场站,公交车站,长途汽车站,公交总站",
  ),
  gas_station: names(
    "petrol station, gas station, filling station, fuel station, service station, fuel stop, service area, petrol pump",
    "加油站,加气站,油站",
  ),
  small_vehicle: names(
    "car, vehicle, small vehicle, automobile, van, sedan, pickup, pickup truck, passenger car, suv, taxi",
    "小汽车,汽车,小车,轿车,车辆,私家车,面包车,轿车群,出租车,小型车,小型车辆,小客车",
  ),
  large_vehicle: names(
    "truck, lorry, large vehicle, heavy vehicle, semi-trailer, semi trailer, trailer, bus, coach, articulated lorry, hgv, heavy truck, cargo truck, tractor trailer, dump truck",
    "卡车,货车,大型车辆,大车,公交车,大卡车,重型卡车,拖车,大巴,客车,巴士,大型车,挂车,重卡,大货车",
  ),
  toll_station: names("toll station, toll plaza, toll booth, toll gate", "收费站"),
  ship: names(
    "ship, vessel, boat, freighter, cargo ship, container ship, tanker, ferry, yacht, barge, tugboat, sailboat, sailing boat, cruise ship, fishing boat, oil tanker, motorboat, watercraft, warship, cargo vessel, bulk carrier",
    "船,船只,船舶,货轮,轮船,集装箱船,游艇,货船,油轮,邮轮,渔船,帆船,驳船,拖船,舰船,轮渡,渡轮,客轮,快艇,军舰,散货船",
  ),
  harbor: names("harbour, harbor, haven", "港湾,海港,避风港,港湾区,渔港"),
  port: names(
    "port, seaport, docks, cargo port, shipping port, dock, dockyard port, harbour port, cargo terminal, ferry terminal, deep-water port, container port, sea port, port area",
    "港口,码头港区,货运港,港,货港,深水港,港区,集装箱港,集装箱港口,口岸港",
  ),
  container_yard: names(
    "container yard, container terminal, container depot, container stack, container park, container storage yard, container storage area, container stacking yard",
    "集装箱堆场,集装箱场,集装箱码头,集装箱货场,集装箱区,集装箱堆放区,集装箱堆放场",
  ),
  container_crane: names(
    "container crane, quay crane, gantry crane, ship-to-shore crane, crane, harbour crane, port crane, loading crane",
    "岸桥,起重机,龙门吊,门座起重机,吊车,岸边起重机,桥吊,集装箱起重机,塔吊",
  ),
  container: names("container, shipping container", "集装箱"),
  shipyard: names(
    "shipyard, dry dock, shipbuilding yard, boatyard, shipbuilding site, ship yard",
    "造船厂,船厂,船坞,修船厂,船坞区",
  ),
  marina: names(
    "marina, yacht harbour, yacht harbor, yacht club, boat harbour, yacht marina, boat marina",
    "游艇码头,游艇港,帆船码头,游艇停泊区,游艇俱乐部",
  ),
  pier: names(
    "pier, jetty, wharf, quay, landing stage, dock pier, mole, boat dock, landing pier, breakwater",
    "码头,栈桥,突堤,泊位,防波堤,船码头,货运码头,栈道码头,渡口,泊船码头",
  ),
  lock: names("lock, canal lock, ship lock", "船闸"),
  building: names(
    "building, house, structure, edifice, home, buildings block, premises, office building, barn, villa, block of flats",
    "建筑,建筑物,房屋,楼房,房子,楼,楼宇,大楼,建筑群,屋子,写字楼,办公楼,别墅",
  ),
  large_roof: names(
    "large roof, roof, big roof, large shed, big shed, shed, large-roofed building, hall",
    "大屋顶,大型屋顶,大型厂棚,大棚屋顶,屋顶,厂棚",
  ),
  warehouse: names(
    "warehouse, storehouse, depot, storage hall, distribution warehouse, storage facility, storage building, warehousing, goods shed, storage shed, warehouse building, ware house",
    "仓库,库房,仓储,货仓,储存仓库,仓储设施,仓储用房,物流仓库,仓储中心",
  ),
  logistics_park: names(
    "logistics park, logistics estate, logistics centre, logistics center, distribution park, distribution centre, distribution center, logistics hub, freight park, warehouse park, logistics zone, logistics facility, fulfilment centre, fulfillment center, logistics area, freight centre, freight center, logistic park, logistic center, logistic centre, logistics campus, logistics site, logistics warehouse park, freight hub, freight village, distribution hub, logistics complex",
    "物流园,物流园区,物流中心,物流基地,配送中心,物流区,货运园区,物流园地,物流产业园,仓储物流园,货运中心,货运枢纽,物流枢纽,物流港,仓储园区,分拨中心,物流圆区,物流圆",
  ),
  factory: names(
    "factory, plant, manufacturing plant, works, mill, manufactory, industrial plant, chemical plant, cement plant, steel mill, steelworks, sawmill, paper mill, steel plant, workshop, manufacturing facility, processing plant",
    "工厂,厂房,制造厂,加工厂,化工厂,水泥厂,钢铁厂,钢厂,造纸厂,车间,生产车间,机械厂,汽车厂,食品厂",
  ),
  industrial_area: names(
    "industrial area, industrial estate, industrial park, industrial zone, industrial site, business park, industrial district, industrial complex, industrial land, manufacturing area, manufacturing zone, technology park, industrial region, industry park",
    "工业区,工业园,工业园区,产业园,厂区,开发区,产业园区,工业用地,工业集中区,经济开发区,高新区,科技园,工业地带,工业开发区",
  ),
  residential_area: names(
    "residential area, housing, housing estate, residential estate, neighbourhood, neighborhood, residential zone, homes, houses, dwellings, suburb, residential district, housing area, residential building, residential neighbourhood, apartment block, apartment, apartment building, apartments, flats, residential complex, living area, residential community, residential block, residential buildings, residence, suburbia, residential quarter",
    "住宅区,居民区,小区,住宅,居住区,民居,房屋区,社区,住房,公寓,住宅楼,居民楼,住户,民房,居民点,居民小区,住宅小区,居住小区,生活区,公寓楼,居民住宅,住宅群,人家,住宅圈",
  ),
  village: names("village, hamlet, rural settlement", "村庄,村,村落,村子,乡村,村镇,山村,渔村,自然村"),
  town: names(
    "town, township, built-up area, settlement, township centre, townlet",
    "城镇,镇,镇区,小镇,乡镇,市镇,县城,集镇",
  ),
  city: names(
    "city, metropolis, urban area, metropolitan area, urban zone, urban district, urban centre, municipality",
    "城市,市区,都市,城区,都会",
  ),
  city_center: names(
    "city centre, city center, downtown, town centre, town center, old town, central business district, inner city, city core, centre of town, center of town, downtown area, town center area",
    "市中心,城市中心,老城,老城区,镇中心,城区中心,中心城区,闹市区,城中心",
  ),
  commercial_area: names(
    "commercial area, retail park, shopping district, commercial district, retail area, business district, commercial zone, commercial centre, commercial center, shopping area, business area, retail zone, commercial quarter",
    "商业区,商圈,商务区,商业街区,商业街,商业中心,商贸区,商业地段",
  ),
  shopping_mall: names(
    "shopping mall, mall, shopping centre, shopping center, supermarket, department store, shop, hypermarket, shopping complex, shopping plaza, market",
    "购物中心,商场,超市,卖场,商业广场,大卖场,百货商场,百货大楼,市场,购物广场",
  ),
  skyscraper: names(
    "skyscraper, high-rise, high rise, tower block, high-rise building, high-rise tower, tall building block, sky scraper",
    "摩天楼,高层建筑,高楼,摩天大楼,高层楼房,高层,超高层建筑,高层住宅楼",
  ),
  school: names(
    "school, primary school, secondary school, high school, elementary school, kindergarten, schoolyard, middle school",
    "学校,中学,小学,学堂,幼儿园,高中,初中,校区,职业学校",
  ),
  university: names(
    "university, campus, college, university campus, college campus",
    "大学,高校,校园,学院,大学校园,高等院校,大学城",
  ),
  hospital: names(
    "hospital, clinic, medical centre, medical center, infirmary, health centre, medical facility",
    "医院,诊所,医疗中心,卫生院,医疗机构",
  ),
  stadium: names(
    "stadium, arena, sports stadium, football stadium, sports arena, sports complex, sports centre, sports center",
    "体育场,体育馆,球场馆,足球场馆,运动场馆,体育中心,体育馆场",
  ),
  church: names("church, cathedral, chapel, basilica, abbey, minster", "教堂,大教堂,礼拜堂,天主教堂"),
  mosque: names("mosque", "清真寺"),
  temple: names("temple, shrine, pagoda, monastery, buddhist temple", "寺庙,庙宇,神社,寺院,佛寺,庙,道观"),
  castle: names("castle, fort, fortress, citadel, palace", "城堡,要塞,堡垒,宫殿,古堡,皇宫"),
  square: names("square, plaza, public square, town square, city square, market square", "广场,市民广场,城市广场"),
  prison: names("prison, jail, penitentiary", "监狱"),
  military_base: names(
    "military base, army base, barracks, military area, military camp, army camp, military facility, naval base",
    "军事基地,军营,军事区,军事设施,兵营,海军基地",
  ),
  data_center: names("data centre, data center, server farm", "数据中心,机房"),
  construction_site: names(
    "construction site, building site, construction area, construction zone, under construction, construction, construction works, construction project, construction work, land under construction",
    "建筑工地,施工工地,工地,施工区,在建工地,施工,施工现场,建设工地,在建项目,建筑施工,施工场地,施工地,施工区域,在建区域,工程现场,基建工地,建设区",
  ),
  cemetery: names("cemetery, graveyard, burial ground, burial site, memorial park", "墓地,公墓,陵园,坟场,墓园,坟地"),
  greenhouse: names(
    "greenhouse, glasshouse, polytunnel, hothouse, plastic greenhouse, glass house",
    "温室,大棚,温室大棚,蔬菜大棚,塑料大棚,日光温室,农业大棚,暖棚",
  ),
  tower: names(
    "tower, mast, water tower, chimney, lighthouse, cell tower, radio mast, radio tower, communication tower, smokestack, chimney stack, cooling tower",
    "塔,塔楼,水塔,烟囱,灯塔,信号塔,通信塔,冷却塔,瞭望塔,铁塔",
  ),
  wall: names("wall, city wall, rampart", "墙,城墙,围墙"),
  landmark: names("landmark, monument, attraction", "地标,标志性建筑,景点"),
  baseball_diamond: names("baseball diamond, baseball field, ball field", "棒球场"),
  tennis_court: names("tennis court", "网球场"),
  basketball_court: names("basketball court", "篮球场"),
  soccer_field: names(
    "football pitch, soccer field, soccer pitch, football field, sports pitch, pitch, sports field, sports ground, playing field, football ground, soccer ground, soccer fields pitch, soccer ground pitch",
    "足球场,球场,足球场地,绿茵场,运动场地",
  ),
  track_field: names(
    "running track, track field, athletics track, ground track field, athletics field, athletic track, race track, sports track, athletic field",
    "田径场,跑道操场,操场,跑道场,运动跑道,田径跑道",
  ),
  swimming_pool: names("swimming pool, pool, lido, outdoor pool, public pool", "游泳池,泳池,游泳馆,室外泳池"),
  golf_course: names(
    "golf course, golf club, golf links, golf courses ground, golf ground",
    "高尔夫球场,高尔夫,高尔夫场地",
  ),
  playground: names(
    "playground, play area, children's playground, play ground, amusement park",
    "游乐场,儿童乐园,运动场,儿童游乐场,游乐园,操场乐园",
  ),
  solar_panel: names(
    "solar panel, solar array, photovoltaic panel, pv panel, solar module, photovoltaic array, pv array, solar cell, solar panels array, rooftop solar, photovoltaic module, photovoltaics, pv module, solar collector",
    "太阳能板,光伏板,太阳能电池板,光伏组件,太阳能板区域,光伏面板,太阳能面板,太阳能光伏板,太阳能电池,屋顶光伏",
  ),
  solar_farm: names(
    "solar farm, solar park, solar plant, solar power plant, photovoltaic plant, pv plant, solar power station, photovoltaic farm, photovoltaic power station, solar field, solar plantation, solar power farm, pv farm, pv park, solar energy plant, photovoltaic park, solar installation, solar facility, pv power plant, pv station",
    "太阳能电站,光伏电站,太阳能农场,光伏,光伏园,光伏场,太阳能发电站,太阳能场,光伏发电站,光伏发电场,光伏园区,太阳能园,太阳能发电场,太阳能园区,光伏基地,光伏发电厂,太阳能发电厂,光伏电厂,太阳能电厂,光付,光付电站,光浮电站",
  ),
  wind_turbine: names(
    "wind turbine, wind mill, windmill, wind generator, wind mills, wind power turbine",
    "风机,风力发电机,风车,风力涡轮机,风电机组,风力发电机组,风电机,大风车",
  ),
  wind_farm: names(
    "wind farm, wind park, wind power plant, wind power station, wind energy farm, wind power farm",
    "风电场,风力发电场,风电站,风力发电站,风场,风力电场",
  ),
  power_plant: names(
    "power plant, power station, generating station, nuclear power plant, nuclear plant, coal power plant, thermal power plant, hydroelectric plant, hydropower station, coal plant, electricity plant",
    "发电厂,电厂,电站,核电站,火电厂,水电站,热电厂,核电厂,火力发电厂",
  ),
  substation: names(
    "substation, electrical substation, transformer station, switchyard, power substation, electric substation, electricity substation",
    "变电站,变电所,配电站,变电设施,开关站",
  ),
  transmission_tower: names(
    "transmission tower, pylon, power pylon, electricity pylon, power tower, electricity tower, electrical tower, high-voltage tower, electricity pylons tower, power line tower, electric pylon, power line, transmission line, high-voltage line, overhead line",
    "输电塔,电塔,高压电塔,高压塔,输电铁塔,电线塔,高压线塔,电力塔,输电线塔,高压线,输电线,输电线路,电力线",
  ),
  storage_tank: names(
    "storage tank, tank, oil tank, fuel tank, silo, oil storage tank, fuel storage tank, gas storage tank, petroleum tank, gas tank, chemical tank, storage tanks tank, gas holder, gasometer, water tank, oil container",
    "储罐,油罐,储油罐,储气罐,罐,油箱罐,储油罐群,气罐,储液罐,存储罐,粮仓,筒仓,储水罐",
  ),
  tank_farm: names(
    "tank farm, oil depot, oil terminal, fuel depot, tank terminal, oil storage depot, oil storage facility, fuel storage depot, petroleum depot, fuel terminal",
    "油库,罐区,储罐区,储油库,石油储备库,储油基地,油罐区",
  ),
  oil_refinery: names(
    "oil refinery, refinery, petrochemical plant, petroleum refinery, petrochemical complex, refining plant",
    "炼油厂,石化厂,石油炼化厂,石化基地,炼化厂,石油化工厂",
  ),
  oil_well: names(
    "oil well, pumpjack, pump jack, wellhead, drilling rig, oil rig, oil derrick",
    "油井,抽油机,钻井,油井架,采油机",
  ),
  quarry: names(
    "quarry, open pit, gravel pit, stone pit, sand pit, open-pit, pit, stone quarry, rock quarry, limestone quarry, gravel quarry, sand quarry, sandpit",
    "采石场,采石厂,采砂场,石场,露天矿坑,采石坑,石料场,石矿场,砂石场,采石矿,石灰石矿",
  ),
  mine: names(
    "mine, open-pit mine, open-cast mine, opencast mine, mining area, colliery, tailings pond, coal mine, copper mine, iron mine, gold mine, mining site, strip mine, open pit mine, mining pit",
    "矿山,矿场,矿区,露天矿,尾矿库,煤矿,铁矿,铜矿,金矿,采矿场,采矿区,矿坑,露天煤矿",
  ),
  landfill: names(
    "landfill, dump, rubbish dump, waste dump, garbage dump, tip, garbage tip, waste site, rubbish tip, refuse dump, waste disposal site, landfill site, trash dump",
    "垃圾填埋场,填埋场,垃圾场,垃圾堆,垃圾处理场,垃圾堆放场,垃圾堆场,垃圾掩埋场",
  ),
  wastewater_plant: names(
    "wastewater plant, sewage works, sewage plant, wastewater treatment plant, sewage treatment plant, water treatment plant, sewage treatment works, water works, wastewater treatment facility, sewage facility, effluent plant",
    "污水处理厂,污水厂,水处理厂,污水净化厂,污水处理站,自来水厂,净水厂",
  ),
  dam: names(
    "dam, weir, barrage, dike, levee, embankment, hydroelectric dam, retaining dam",
    "水坝,大坝,坝,堤坝,拦河坝,水电大坝,堤防,河堤,拦水坝,水库大坝",
  ),
  fish_farm: names(
    "fish farm, fish pond, aquaculture farm, fish cage, fishery, fish ponds farm, aquaculture pond, aquaculture, aquaculture site, shrimp farm",
    "养鱼场,养殖场,鱼塘,水产养殖场,渔场,水产养殖区,虾塘,养殖池,养殖塘,网箱养殖",
  ),
  salt_pond: names(
    "salt pond, salt pan, saltworks, salt flat, salt evaporation pond, salt works, saltpan, salt evaporator, salt field",
    "盐田,盐池,盐场,晒盐场,盐湖池,制盐场",
  ),
  river: names(
    "river, waterway, riverbank, river bank, watercourse, rivers course",
    "河流,河,江,河道,江河,水道,河川,河岸,江边河",
  ),
  stream: names("stream, brook, creek, rivulet, streamlet", "小溪,溪流,溪,小河,山溪,溪水"),
  canal: names(
    "canal, waterway canal, irrigation canal, irrigation channel, ditch",
    "运河,水渠,沟渠,灌溉渠,引水渠,渠道",
  ),
  lake: names("lake, lagoon, lakeshore", "湖泊,湖,湖水,湖面,潟湖"),
  reservoir: names("reservoir, water reservoir, storage reservoir", "水库,蓄水库,蓄水池"),
  pond: names("pond, ponds pool, farm dam, farm pond, stock pond, water hole", "池塘,水塘,塘,水池,水坑,塘坝"),
  sea: names("sea, ocean, gulf, bay", "海,大海,海洋,海域,海湾,海面,海水"),
  coast: names(
    "coast, shore, coastline, shoreline, seaside, seafront, waterfront, coastal area, sea shore, shores, seacoast, coastal strip",
    "海岸,海岸线,海边,岸线,沿海,沿海地区,海岸带,滨海,岸边,海滨,滨海地区",
  ),
  beach: names("beach, sandy beach, seaside beach", "海滩,沙滩,海滨沙滩,沙滩地"),
  wetland: names(
    "wetland, marsh, swamp, bog, marshland, mangrove, mudflat, swampland, peat bog, tidal flat, wet land",
    "湿地,沼泽,红树林,滩涂,沼泽地,沼泽湿地",
  ),
  island: names("island, isle, islet, isles", "岛,岛屿,海岛,群岛"),
  water: names("water, water body, body of water, waterbody, open water", "水体,水域,水面,水"),
  forest: names(
    "forest, wood, woodland, woods, rainforest, jungle, timberland, wooded area, forested area, tree cover, wood land",
    "森林,林地,树林,林区,森林区,林子,丛林,雨林,竹林,林场,树林区,森林地",
  ),
  tree: names("tree, palm tree, palm", "树,树木,行道树,棕榈树"),
  park: names(
    "park, public park, green space, public garden, city park, urban park, garden, gardens, parkland",
    "公园,绿地,花园,城市公园,绿化带,园林,绿化区,森林公园",
  ),
  grassland: names(
    "grassland, meadow, pasture, grass, lawn, prairie, grazing land, steppe, pastureland, savanna, grass land",
    "草地,草原,牧场,草坪,草场,草甸,牧草地,草坡",
  ),
  farmland: names(
    "farmland, field, cropland, farm, arable land, crop field, agricultural land, farm field, cultivated land, agricultural field, agricultural area, cultivated field, cropfield, plantation, wheat field, corn field, croplands, farm land, crop land",
    "农田,耕地,田地,田,农场,庄稼地,耕田,农地,庄稼,麦田,种植区,农业用地,玉米地,菜地,农业区",
  ),
  orchard: names(
    "orchard, fruit plantation, apple orchard, fruit farm, tree plantation, tea plantation",
    "果园,果林,茶园,苹果园,果树园",
  ),
  vineyard: names("vineyard, wine-growing area, winery", "葡萄园,葡萄种植园,葡萄种植区"),
  rice_paddy: names(
    "rice paddy, paddy field, rice field, paddy, rice farm, rice terrace, rice terraces",
    "稻田,水稻田,水田,稻田区,梯田,水稻",
  ),
  bare_soil: names(
    "bare soil, bare ground, bare land, bare earth, barren land, exposed soil, bare dirt, bare terrain, dirt, wasteland, empty lot, vacant lot, exposed ground, bare patch",
    "裸土,裸地,荒地,裸露地表,裸露土地,裸露土地区,荒土,裸露地面,光秃地,裸露的土地,裸露土壤,荒废土地",
  ),
  desert: names("desert, sand dune, dune, arid land, sandy desert, sand dunes", "沙漠,荒漠,沙丘,沙地,戈壁,荒漠区"),
  mountain: names(
    "mountain, hill, peak, ridge, hillside, hills, mountain range, mountain ridge, mountainside, slope, summit",
    "山,山脉,山峰,山地,山丘,丘陵,山区,山坡,山岭,群山",
  ),
  cliff: names("cliff, escarpment, cliff face, bluff", "悬崖,峭壁,断崖,崖壁"),
  glacier: names("glacier, ice field, icefield, ice sheet, ice cap", "冰川,冰原,冰盖,冰层"),
  snow: names("snow, snowfield, snow cover", "雪,积雪,雪地"),
  volcano: names("volcano, crater", "火山,火山口"),
  valley: names("valley, gorge, canyon, ravine, dale, mountain valley, river valley", "山谷,峡谷,谷地,河谷,沟谷,山沟"),
  flooded_area: names(
    "flooded area, flood, inundated area, inundation, flooding, floodwater, flooded land, flooded zone, flooded region",
    "洪水区,淹没区,洪涝区,洪水,洪灾区,洪泛区,受淹区,水淹区,积水区,内涝区",
  ),
  burnt_area: names(
    "burnt area, burned area, burn scar, fire scar, wildfire area, burned land, burnt land, fire-damaged area, burned-out area, wildfire scar, wildfire burn area, burnt forest, burned forest",
    "火烧迹地,过火区,烧毁区,火灾区,火灾迹地,烧毁区域,过火林地,烧毁的森林,烧毁森林,烧毁林地,火烧区,山火区,被烧区域,烧焦区",
  ),
  landslide: names(
    "landslide, landslip, mudslide, rockslide, debris flow, mudflow",
    "滑坡,山体滑坡,泥石流,塌方,山崩,崩塌",
  ),
  deforestation: names(
    "deforestation, clear-cut, clearcut, logged area, cleared forest, forest clearing, deforested area, forest loss, logging area, clear-felled area, logging site, cleared forest area",
    "森林砍伐,毁林,伐木区,砍伐区,森林破坏,森林砍伐区,砍伐地,毁林区,森林减少,森林损失",
  ),
  oil_spill: names(
    "oil spill, oil slick, oil leak, oil pollution, spilled oil",
    "溢油,油污,漏油,油膜,油泄漏,石油泄漏,原油泄漏,漏油区",
  ),
  smoke: names("smoke, smoke plume, plume, plume of smoke, smoke cloud", "烟雾,烟,浓烟,烟柱,烟羽,烟尘"),
};

export const ATTRIBUTE_NAMES: Readonly<Record<AttributeId, Names>> = {
  white: names("white", "白色,白,纯白"),
  bright: names("bright, light-coloured, light-colored, light, shiny, bright-coloured", "明亮,浅色,亮,浅颜色,亮色"),
  dark: names("dark, black, dark-coloured, dark-colored", "深色,暗,黑色,黑,深颜色"),
  red: names("red", "红色,红"),
  blue: names("blue", "蓝色,蓝"),
  green: names("green", "绿色,绿"),
  brown: names("brown", "棕色,褐色"),
  grey: names("grey, gray, silver", "灰色,灰"),
  large: names(
    "large, big, huge, giant, sizeable, massive, enormous, vast, sizable, large-scale, extensive, big-sized, large-sized",
    "大型,大,巨大,大的,大片,大面积,大块,巨型,特大,超大,大规模",
  ),
  small: names("small, little, tiny, mini, small-scale, small-sized", "小型,小,小的,小片,小块,微型,小规模,小面积"),
  long: names("long", "长,长的"),
  tall: names("tall, high, high-rise", "高大,高,高耸"),
  dense: names(
    "dense, densely built, crowded, compact, packed, thick, tightly packed, densely packed, densely populated, high-density, closely packed",
    "密集,稠密,紧凑,密密麻麻,茂密,密布,拥挤",
  ),
  sparse: names("sparse, thinly built, low-density, sparsely populated, sparsely built", "稀疏,稀稀落落,稀稀拉拉"),
  regular: names(
    "regular, orderly, gridded, regularly arranged, neatly arranged, evenly spaced, grid-like, gridlike",
    "规则,整齐,排列整齐,规整,整整齐齐",
  ),
  scattered: names("scattered, dispersed, spread-out", "分散,零散,散布,零星,散落"),
  aligned: names("aligned, in rows, lined up, in a row, arranged in rows, row by row", "成排,排列,对齐,成行,并排"),
  round: names("round, circular", "圆形,圆,圆圆"),
  rectangular: names("rectangular, square-shaped, oblong", "矩形,长方形,方形"),
  elongated: names("elongated, narrow, stretched, strip-shaped, long and narrow", "狭长,细长,长条形,狭窄,带状,条状"),
  curved: names("curved, bent, winding, meandering", "弯曲,蜿蜒,弧形,弯弯曲曲,曲折"),
  damaged: names(
    "damaged, destroyed, ruined, collapsed, wrecked, broken, ruinous",
    "受损,损坏,毁坏,倒塌,破损,毁损,破坏",
  ),
  flooded: names("flooded, inundated, submerged", "被淹,淹没"),
  empty: names("empty, vacant, unused", "空,空置,空的,闲置,空荡荡,空旷"),
  full: names("full", "满,满的"),
  abandoned: names(
    "abandoned, disused, derelict, deserted, out of use, defunct, neglected",
    "废弃,弃置,停用,停产,报废,荒废",
  ),
  paved: names("paved, asphalted, concrete, sealed, tarmac, asphalt", "铺装,硬化,水泥,柏油"),
  bare: names("bare, barren", "裸露,光秃,光秃秃"),
  vegetated: names(
    "vegetated, overgrown, planted, leafy, green-covered, tree-covered, wooded, grassy",
    "有植被,长满植被,植被覆盖,绿化,绿树成荫",
  ),
  busy: names("busy, crowded with traffic, congested, bustling", "繁忙,忙碌,拥堵,热闹"),
};

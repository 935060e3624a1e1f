/** What a folder of a scene benchmark shows, as a person would ask for it. */
export interface SceneName {
  readonly en: string;
  readonly zh: string;
}

/** Folders of AID (Xia et al. 2017) and RSSCN7 (Zou et al. 2015). */
export const SCENE_NAMES: Readonly<Record<string, SceneName>> = {
  Airport: { en: "an airport with planes", zh: "停着飞机的机场" },
  BareLand: { en: "bare land", zh: "裸露的土地" },
  BaseballField: { en: "a baseball field", zh: "棒球场" },
  Beach: { en: "a beach by the sea", zh: "海边的沙滩" },
  Bridge: { en: "a bridge over a river", zh: "跨河的桥" },
  Center: { en: "a large public building in a city centre", zh: "城市中心的大型公共建筑" },
  Church: { en: "a church", zh: "教堂" },
  Commercial: { en: "a commercial district with tall buildings", zh: "高楼林立的商业区" },
  DenseResidential: { en: "densely built houses", zh: "密集的住宅区" },
  Desert: { en: "a desert", zh: "沙漠" },
  Farmland: { en: "farmland", zh: "农田" },
  Forest: { en: "a forest", zh: "森林" },
  Industrial: { en: "factory buildings", zh: "工厂厂房" },
  Meadow: { en: "a meadow", zh: "草地" },
  MediumResidential: { en: "rows of houses with gardens", zh: "带院子的成排住宅" },
  Mountain: { en: "mountains", zh: "山" },
  Park: { en: "a city park with trees and a pond", zh: "有树木和池塘的公园" },
  Parking: { en: "a parking lot full of cars", zh: "停满汽车的停车场" },
  Playground: { en: "a sports ground with a running track", zh: "带跑道的操场" },
  Pond: { en: "a pond", zh: "池塘" },
  Port: { en: "boats in a port", zh: "停着船的港口" },
  RailwayStation: { en: "a railway station", zh: "火车站" },
  Resort: { en: "a holiday resort with pools", zh: "带泳池的度假村" },
  River: { en: "a river", zh: "河流" },
  School: { en: "a school with a playground", zh: "带操场的学校" },
  SparseResidential: { en: "a lonely house among trees", zh: "树林里零星的房屋" },
  Square: { en: "a public square", zh: "广场" },
  Stadium: { en: "a stadium", zh: "体育场" },
  StorageTanks: { en: "round storage tanks", zh: "圆形储罐" },
  Viaduct: { en: "a viaduct with crossing roads", zh: "道路交错的高架桥" },
  aGrass: { en: "a meadow", zh: "草地" },
  bField: { en: "farmland", zh: "农田" },
  cIndustry: { en: "factory buildings", zh: "工厂厂房" },
  dRiverLake: { en: "a river or lake", zh: "河流或湖泊" },
  eForest: { en: "a forest", zh: "森林" },
  fResident: { en: "densely built houses", zh: "密集的住宅区" },
  gParking: { en: "a parking lot full of cars", zh: "停满汽车的停车场" },
};

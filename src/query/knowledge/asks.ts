import type { FactProperty } from "../../knowledge/fact-properties.ts";

/** What is asked of a landmark: a property that facts give, or where it lies. */
export type Asked = FactProperty | "country" | "coordinates" | "location" | "kind";

/** One thing that a question wants: properties that would answer it, best first. */
export interface Ask {
  readonly topic: Asked;
  readonly properties: readonly Asked[];
}

interface AskPattern {
  readonly topic: Asked;
  readonly en: RegExp;
  readonly zh: RegExp;
  readonly properties: readonly Asked[];
}

const NEVER = /$^/;
const TIMES: readonly FactProperty[] = ["opened", "completed", "built", "founded"];

/** In order: a question that one pattern takes words of is not asked again by those words. */
const PATTERNS: readonly AskPattern[] = [
  {
    topic: "designated",
    en: /\b(when|years?|since when|date)\b.*\b(unesco|world heritage|inscri\w+|listed|designat\w+|heritage (site|list))\b|\b(inscription|inscribed|designation|listing) (year|date)\b|\byear of (inscription|designation|listing)\b|\b(inscribed|listed)( on| in| as| by)?\b/,
    zh: /(哪一?年|何时|什么时候|几几年|年份|时间).*(世界遗产|列入|入选|名录|申遗)|(世界遗产|列入|入选|申遗).*(哪一?年|何时|什么时候|年份|时间)/,
    properties: ["designated"],
  },
  { topic: "criteria", en: /\bcriteri(a|on)\b/, zh: /标准|准则/, properties: ["criteria"] },
  {
    topic: "category",
    en: /\b(cultural|natural|mixed)\b.*\bor\b.*\b(cultural|natural|mixed)\b|\bcategory\b/,
    zh: /类别|(文化|自然).*还是.*(文化|自然)/,
    properties: ["category"],
  },
  { topic: "danger", en: /\bin danger\b/, zh: /濒危/, properties: ["danger"] },
  {
    topic: "iata",
    en: /\biata\b|\b(three|3)[- ]letter\b|\bairport code\b|\bcode (of|for|does|is used)\b.*\bairport\b/,
    zh: /iata|三字(码|代码)|(机场)?代码(是|为)?/,
    properties: ["iata"],
  },
  { topic: "icao", en: /\bicao\b|\b(four|4)[- ]letter\b/, zh: /icao|四字(码|代码)/, properties: ["icao"] },
  { topic: "unlocode", en: /\b(un ?\/? ?)?locode\b|\bport code\b/, zh: /locode|港口代码/, properties: ["unlocode"] },
  {
    topic: "operator",
    en: /\b(operators?|operated|operates?|operating (company|authority)|runs|running|run by|who (does |do )?(operate|manage|run)\w*|(which|what)( \w+)? (company|authority|agency|operator|body|organi[sz]ation|firm)( that)? (runs?|operates?|manages?)|managed|manages|manager|in charge|administ\w+|responsible for)\b/,
    zh: /运营|经营|营运|运作|管理|谁在管|谁管/,
    properties: ["operator"],
  },
  {
    topic: "owner",
    en: /\b(owns|owned|owners?|ownership|proprietors?|belongs?|own)\b/,
    zh: /拥有|所有者|所有方|所有权|业主|归谁|属于谁|归属|产权/,
    properties: ["owner"],
  },
  {
    topic: "architect",
    en: /\b(architects?|designed|designers?|who design\w*|drew up)\b/,
    zh: /设计师|建筑师|(谁|何人|哪位).*设计|设计者|由谁设计|设计/,
    properties: ["architect"],
  },
  {
    topic: "builder",
    en: /\bwho (built|constructed|erected|put up|made)\b|\b(built|constructed|erected) by (whom|who|which|what)\b|\bbuilders?\b|\bcontractors?\b|\bby whom\b.*\b(built|constructed)\b/,
    zh: /谁.{0,3}(建|造|修)|由谁(建|造|修)|(建造|承建|修建)(者|商|方)/,
    properties: ["builder"],
  },
  {
    topic: "span",
    en: /\b(main|central|longest|largest)? ?spans?\b(?! (what|which|the (river|strait|bay)))/,
    zh: /主跨|跨度|跨径/,
    properties: ["span"],
  },
  {
    topic: "power",
    en: /\b(megawatts?|gigawatts?|mw|gw|installed|nameplate|generating|power|generation|electric(al)?|electricity)( power| generating)? ?(capacity|output|rating)?\b(?= ?(does|is|of|can|has|capacity|output|rating|produc\w+|generat\w+|[?]|$))|\bhow (much|many) (power|electricity|mw|megawatts?|gigawatts?)\b|\bhow powerful\b|\bgenerat\w+ capacity\b|\b(power|rated) output\b/,
    zh: /装机|发电(能力|容量|量|功率)|功率|多少(兆瓦|万千瓦|千瓦|吉瓦)|输出/,
    properties: ["power", "capacity"],
  },
  {
    topic: "seats",
    en: /\bhow many (people|spectators|seats|fans|supporters|viewers|persons)\b(?! (live|are there|visit|work|die|died|travel|use|walk|come|pass|go|fly))|\bseat(s|ed|ing)?\b|\bspectator\b|\bhow many .* (hold|fit|accommodate|seat)\b|\battendance\b/,
    zh: /座位|座席|坐席|容纳|观众|坐多少|多少(个)?座/,
    properties: ["seats", "capacity"],
  },
  {
    topic: "population",
    en: /\bpopulation\b|\bpopulous\b|\binhabitants?\b|\bresidents?\b|\bhow many people\b(?! (visit|work|die|died|travel|use|walk|come|pass|go|fly))|\bpeople live\b|\blive (in|there)\b/,
    zh: /人口|居民|多少人(?!.*(容纳|座))/,
    properties: ["population"],
  },
  {
    topic: "throughput",
    en: /\b(throughput|teus?|annual (traffic|cargo)|cargo|passengers?|containers? (a|per) year|tonnage|freight)\b/,
    zh: /吞吐|货运量|客运量|旅客/,
    properties: ["throughput", "capacity"],
  },
  {
    topic: "capacity",
    en: /\bcapacity\b|\bhow much can\b|\bhow many .* (hold|handle)\b/,
    zh: /容量|产能|处理能力|能力/,
    properties: ["capacity", "power", "seats", "throughput"],
  },
  {
    topic: "elevation",
    en: /\belevations?\b|\baltitudes?\b|\babove (mean )?sea level\b|\bbelow sea level\b|\bsummit height\b/,
    zh: /海拔|高程/,
    properties: ["elevation"],
  },
  {
    topic: "height",
    en: /\bhow (tall|high)\b|\bheights?\b|\b(tall|high)( is| are| was| does| in (metres|meters|feet|m))\b|\bhow many (metres|meters|feet)( is| are)? .*\b(tall|high)\b/,
    zh: /多高|高度|有多少米高|高多少|高(是|为|达)?(多少|几)/,
    properties: ["height", "elevation"],
  },
  { topic: "depth", en: /\bhow deep\b|\bdepths?\b/, zh: /多深|深度|深多少/, properties: ["depth"] },
  { topic: "width", en: /\bhow (wide|broad)\b|\bwidths?\b/, zh: /多宽|宽度|宽多少/, properties: ["width"] },
  {
    topic: "length",
    en: /\bhow long (is|are|was|does)\b(?!.* (take|last|been|ago)\b)|\blengths?\b|\bhow many (metres|meters|feet|km|kilomet\w+|miles) (long|is|in length)\b|\bhow long\?*$/,
    zh: /多长(?!时间)|长度|全长|总长|长(是|为|达)?(多少|几)/,
    properties: ["length", "span"],
  },
  {
    topic: "area",
    en: /\bhow (big|large|extensive)\b|\bareas?\b|\bsize\b|\bhow much (land|ground|area|space)\b|\bhow many (hectares|acres|square)\b|\bsurface\b|\bextent\b/,
    zh: /多大|面积|占地|大小|多少(公顷|平方公里|平方千米|亩)/,
    properties: ["area", "power", "seats", "population", "length"],
  },
  {
    topic: "volume",
    en: /\bvolumes?\b|\bhow much water\b|\bstorage\b|\bcubic\b|\bhow much concrete\b/,
    zh: /体积|库容|蓄水量|容积|多少(水|立方)/,
    properties: ["volume"],
  },
  {
    topic: "units",
    en: /\b(number of|how many|count of) (\w+ ){0,2}(turbines?|reactors?|generators?|units?|mirrors|windmills|chambers|locks?|steps)\b|\bturbine count\b/,
    zh: /(多少|几)(台|座|个)?(机组|风机|涡轮|反应堆|发电机|水轮机|风力发电机|船闸|机)|机组(数|数量)?|(风机|涡轮机|反应堆|水轮机)(数量)?/,
    properties: ["units"],
  },
  { topic: "runways", en: /\brunways?\b/, zh: /跑道/, properties: ["runways"] },
  { topic: "berths", en: /\bberths?\b/, zh: /泊位/, properties: ["berths"] },
  { topic: "floors", en: /\bfloors?\b|\bstore?ys?\b|\bstories\b/, zh: /(几|多少)层|层数|楼层/, properties: ["floors"] },
  {
    topic: "river",
    en: /\b(which|what|name of the|on what|on which|name) (\w+ )?(rivers?|waterway|stream|watercourse)\b|\briver (does|is|was|that)\b|\bdams? (which|what)\b/,
    zh: /(哪(一)?条|什么|哪个)(河|江|河流|水系|水道)|(河|江)流?(是|叫)什么|所在河流/,
    properties: ["river", "crosses"],
  },
  {
    topic: "crosses",
    en: /\bwhat (body of water |strait |river |bay )?(does|do|did) .* (cross|span|go over|bridge)\b|\b(cross(es)?|span|go(es)? over) (what|which)\b|\b(which|what) (strait|bay|water|gorge|gulf|lagoon|harbou?r|valley|canyon|body of water)\b.*\b(cross|span)/,
    zh: /跨越(了)?(什么|哪)|横跨(了)?(什么|哪)|跨过|跨(的是)?(什么|哪)|(什么|哪).*(跨越|横跨)/,
    properties: ["crosses", "river"],
  },
  {
    topic: "fuel",
    en: /\bfuel\w*\b|\b(source of energy|energy source|powered by|run on|burns?|what kind of power)\b/,
    zh: /燃料|能源|靠什么发电|用什么发电/,
    properties: ["fuel"],
  },
  {
    topic: "mineral",
    en: /\bminerals?\b|\bores?\b|\bmetals?\b|\bwhat (is|was|does|do|are)\b.*\b(mined?|mines|extract\w*|quarried|dug|produced?|commodit\w+)\b|\bcommodit\w+\b/,
    zh: /(开采|出产|产|采|挖)(的是)?(什么|哪)|矿(物|种|产)|什么矿/,
    properties: ["mineral"],
  },
  {
    topic: "denomination",
    en: /\b(religions?|denominations?|faiths?|creed|branch of)\b/,
    zh: /宗教|教派|信仰|派别/,
    properties: ["denomination"],
  },
  {
    topic: "closed",
    en: /\b(clos(e|ed|ing|ure)|shut|demolish\w*|decommission\w*)\b/,
    zh: /关闭|停用|拆除|退役/,
    properties: ["closed"],
  },
  {
    topic: "founded",
    en: /\b(found(ed|ing|ation)?|establish\w*|set up|inception|laid out)\b/,
    zh: /创建|创立|成立|建立|始建/,
    properties: ["founded", "built", "opened"],
  },
  {
    topic: "completed",
    en: /\b(complet\w+|finish\w*)\b/,
    zh: /建成|竣工|完工|落成|完成/,
    properties: ["completed", "built", "opened"],
  },
  {
    topic: "opened",
    en: /\b(opens?|opened|opening|inaugurat\w+|enter(ed)? service|(come|came|go|went|put) into (service|operation|use)|(begin|began|start|started)( to)?( commercial)? (operat\w+|work\w*|service|produc\w+)|commission(ed|ing)?|in (service|operation|use) since|since when|launch\w*|been (open|operating|in operation|in service|in use|running))\b/,
    zh: /开通|启用|开业|开放|通车|投产|投入(使用|运营|运行)|运营(始于|开始)|揭幕|通航|从.*(哪一?年|什么时候|何时).*(开始|起)|自(何时|哪年|什么时候)/,
    properties: TIMES,
  },
  {
    topic: "built",
    en: /\b(when|(?<!each |per |every |a )years?|date|century|how old|old|age)\b.*\b(built|build|constructed|construction|erected|made|date|old|from|age|go up|raised|created)?\b|\bhow (old|ancient)\b|\b(construction|building) (date|year|period|years|dates)\b/,
    zh: /(哪一?年|何时|什么时候|几几年|什么年代|多少年|多久|年代|哪个世纪|什么时期|历史)|(建于|建造|修建|兴建|建)(的)?(哪|何|时间)/,
    properties: ["built", "completed", "opened", "founded"],
  },
  {
    topic: "coordinates",
    en: /\bcoordinates?\b|\b(latitude|longitude|lat|lon)\b/,
    zh: /坐标|经纬度|经度|纬度/,
    properties: ["coordinates"],
  },
  {
    topic: "country",
    en: /\b(which|what|in which|in what|name of the) (\w+ )?(country|countries|nation|state party)\b|\bcountry (is|does|of)\b/,
    zh: /(哪个|哪一个|什么|哪)(国家|国)|属于哪国|所在国家?/,
    properties: ["country"],
  },
  {
    topic: "region",
    en: /\b(which|what|in which|in what) (\w+ )?(region|province|state|county|governorate|department|prefecture|district|territory|canton|oblast|island group|neighbou?rhood)\b/,
    zh: /(哪个|哪一个|什么|哪)(省|州|地区|县|区|行政区|都道府县|社区)/,
    properties: ["region", "city"],
  },
  {
    topic: "city",
    en: /\b(which|what|in which|in what|nearest|name of the) (\w+ )?(city|town|municipality)\b|\bcity (does|is|served)\b/,
    zh: /(哪个|哪座|哪一座|什么|哪)(城市|城|市|镇)/,
    properties: ["city", "region"],
  },
  { topic: "address", en: /\baddress\b|\bstreet\b/, zh: /地址|街/, properties: ["address"] },
  {
    topic: "location",
    en: /\bwhere('s| is| are| was| does| can| exactly)?\b|\blocated\b|\blocation\b|\bwhereabouts\b/,
    zh: /在哪|位于(哪|何|什么)|在什么地方|何处|位置|坐落|地点/,
    properties: ["location"],
  },
  { topic: "material", en: /\bmade (of|from|out of)\b|\bmaterials?\b/, zh: /材料|什么建成/, properties: ["material"] },
  { topic: "website", en: /\b(web ?site|url|home ?page)\b/, zh: /网站|网址/, properties: ["website"] },
  { topic: "kind", en: NEVER, zh: NEVER, properties: ["kind"] },
];

/** Words of one question that another pattern must not take again: "who operates it", not "operates" as an opening. */
const EXCLUDES: Readonly<Partial<Record<Asked, readonly Asked[]>>> = {
  designated: ["built", "opened", "founded", "category"],
  operator: ["mineral"],
  builder: ["built"],
  opened: ["built", "founded"],
  completed: ["built", "opened"],
  founded: ["built"],
  closed: ["built", "opened"],
  seats: ["population", "capacity", "area"],
  population: ["area", "seats"],
  power: ["capacity", "units", "area"],
  throughput: ["capacity"],
  span: ["length", "crosses"],
  crosses: ["span", "river"],
  elevation: ["height"],
  icao: ["iata"],
  unlocode: ["iata"],
  country: ["city", "region", "location"],
  region: ["city", "location"],
  city: ["location"],
  address: ["location"],
  coordinates: ["location"],
  depth: ["area"],
  height: ["area"],
  architect: ["builder"],
  fuel: ["power"],
  criteria: ["designated"],
};

/**
 * Every property that the words ask for, in the order in which they stand. Names are to be replaced by "it" before, since
 * they hold words such as "power". `words` is in lower case.
 */
export function asksIn(words: string): readonly Ask[] {
  const clauses = words.split(/\band\b|[,,;;、]|以及|并且|和|及/u).filter((clause) => /[\p{L}]/u.test(clause));
  const byClause = clauses.map(asksOfClause);
  const all = clauses.length > 1 && byClause.every((asks) => asks.length > 0) ? byClause.flat() : asksOfClause(words);
  return [...new Map(all.map((ask) => [ask.topic, ask])).values()];
}

function asksOfClause(words: string): readonly Ask[] {
  const found = PATTERNS.flatMap(({ topic, en, zh, properties }) => {
    const match = en.exec(words) ?? zh.exec(words);
    return match ? [{ topic, properties, at: match.index }] : [];
  });
  const excluded = new Set(found.flatMap(({ topic }) => EXCLUDES[topic] ?? []));
  return found
    .filter(({ topic }) => !excluded.has(topic))
    .sort((a, b) => a.at - b.at)
    .map(({ topic, properties }) => ({ topic, properties }));
}

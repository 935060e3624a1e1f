import { ATTRIBUTE_NAMES, CONCEPT_NAMES } from "../../../knowledge/ontology/lexicon.ts";
import { plural } from "../../../knowledge/ontology/names.ts";

/** Words that join and qualify, but name, measure and claim nothing: a sentence may hold them without evidence. */
const ENGLISH = `a about above across add adding admit admitted after again against all almost alone along already also altogether among an and another
answer answerable any anything apart are area areas around as ask asked asking at back be because been before began begin below beside best between both but by call called
came alike whose recorded can candidate candidates cannot change changed changes clear clearly close closest common comparing comparison compared condition conditions confidence confirmed contains
correct could count counted counting cover covered covering covers date dates decide described detected detection detections did different direction disappeared distance do does done
down draw drawn due each earlier either else encoder enough ends ever every everything evidence exactly example examples excluded except fact facts fail fails failed far farthest few fewer figure
find finds first fit fits fitting follow following for found four from further gives give given go gone got group had half has have held here higher highest hold holds how however i if image imagery in
include includes including inside instead into is it its itself just kept kind known know knowledge knows land largest last later layer layers least leave leaves left less let lie lies like likeliest likely limit line list
listed little located location look looked lower lowest made make many map mapped margin match matches matching may me mean measured measures measuring meet meets met might miss missing more moreover most much
must name named nearby near nearer nearest neither new newest next no none nor not note nothing now number numbers of off older oldest on once one ones only operate operated operates operator or order other others our out outside over
own part partly parts per pixel pixels place places please point possible present probability probable question questions quite range rank ranked rather read really reason reasons record refine region regions related remain remaining remains
removed require required respectively rest result results right rule ruled runs run same satisfies satisfy say says score search searched searching second see seen segmentation several shall show showing shown shows side since single size
sizes smaller smallest so some something still stand stands statistics stood strong such sum taken than that the their them then there therefore these they thing things think this those though thought threshold through thus to together too total
toward towards truth two under understood unlike until up upon use used uses using very view want was way we weak well were what when where whether which while who whole whose why will with within without word words workspace would yes yet you your
appeared appear appears built opened open opens build capacity height population since dated length wide width km m ha px area shares share surroundings bounds beyond because they're it's there's isn't aren't doesn't don't can't larger bigger
large small near-miss nears stays stay dropped drop drops narrowed narrower widened wider back came return returned returns earlier previous previously query queries undo undone touching touches touch adjacent few resolution date also still beside
highest-ranked top third fourth fifth standing stands only-one single-date whatever whichever mentioned gave nearest-one described describes description cited cites source sources according tell tells told summary overall briefly namely hence
ingest wikipedia likelier time times relation relations kinds nearly landmark landmarks year years ago old oldest youngest newer older north south east west northern southern eastern western metres meters kilometres hectares square per cent percent away total totals average sorted fact facts question answers answered sentence sentences likelihood chance chances odds currently moment today available unavailable unknown uncertain sure unsure certain confident able unable help helpful sorry thanks thank hello okay ok here's let's that's what's`;

const CHINESE =
  "的了是在有和与或及并且而但也都就还又再只仅另外其它此这那哪些个处座条项种类组次为对于把被让使由从自到至向往以按照据根因所所以如若果则即便虽然然后之前后中上下内外间里旁边附近远近距离最较更很太极约大小多少不没无未非别可能会应该须要需想请您你我他她它们吗呢吧啊呀着过得地给跟同比每各某全部总共合计第一二两三四五六七八九十找到查看见知道认说明显示表符合满足条件区域结果地点位置对象概率置信度评分面积长宽高实测测量超出超过达到等等于超越保留剩余留余离开去掉排除排名排序顺序编号先前之前上次本次当前现在目前日期时间影像图层检测分割统计像素分辨率数据工作区知识库内容关于相关信息来源引用例如其中新出现消失变化存在最早记录首次最后一次截至对比比较范围搜索查询问题回答解释原因证据真值候选无法判定确定已知未知可以帮助建议尝试加入添加后即缩放绘制打开给出名为名称叫做位于包含含覆盖相距以内以外紧邻沿着分布靠近部分完全任何同样相同不同依次分别达成功失败门槛改而将来自身它就处于点线面种开放启用建成建于运营经营拥有业主容量高度人口产能吞吐平均年月日号起止期间仍旧续继早晚先当什么怎样如何为何为什么谁方向偏角比例周边环绕连接跨越增加减少多余余下剩下个别条款单仅凭判断看见图像很少说法即可就是也许大概似乎应当均皆并列靠前靠后居首位名次较大较高较近较小较低较远尚在用未能理解因此使用完整结论总数回到撤销恢复返回前一步刚才还是维基百科条目写道话句座位通东南西北侧端公里米方向年份老旧新龄最老句段强弱";

const fold = (word: string) => word.toLowerCase().replace(/['’]s$/, "");

export const PLAIN_WORDS: ReadonlySet<string> = new Set(ENGLISH.split(/\s+/).map(fold));
export const PLAIN_HAN: ReadonlySet<string> = new Set(CHINESE);

/** Words of the ontology's English names, singular and plural; Chinese names whole, longest first. */
export const ONTOLOGY_WORDS: ReadonlySet<string> = new Set(
  [...Object.values(CONCEPT_NAMES), ...Object.values(ATTRIBUTE_NAMES)].flatMap(({ en }) =>
    en.flatMap((name) => [name, plural(name)].flatMap((form) => wordsOf(form))),
  ),
);
export const ONTOLOGY_HAN: readonly string[] = [...Object.values(CONCEPT_NAMES), ...Object.values(ATTRIBUTE_NAMES)]
  .flatMap(({ zh }) => zh)
  .sort((a, b) => b.length - a.length);

/** Latin words of a text, folded: "Exit's" is "exit". */
export function wordsOf(text: string): readonly string[] {
  return (text.match(/[\p{Script=Latin}][\p{Script=Latin}'’-]*/gu) ?? []).map(fold);
}

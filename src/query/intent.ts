import type { Intent } from "../../knowledge/ontology/ids.ts";
import type { Draft } from "./draft.ts";
import { patchFromDraft } from "./refine.ts";
import type { Query } from "./schema.ts";
import type { DialogueState, Reference } from "./turn.ts";

/** Alternatives of one pattern, one a line. Each is matched anywhere in the message unless it begins with "^". */
function pattern(...alternatives: readonly string[]): RegExp {
  return new RegExp(alternatives.map((one) => `(?:${one})`).join("|"), "u");
}

/** Questions about what a stated probability means, not about why a result has it. */
const MEANING = pattern(
  "\\b(what (does|do|is|are)|what's|how (should|do|can|am) i|explain)\\b.*(\\bprobabilit|\\blikelihood|\\bconfidence\\b|\\bscores?\\b|\\d ?%|\\bpercent|\\b0?\\.\\d).*\\b(mean|means|stand for|tell me)\\b",
  "\\bhow (should|do|can|am) i (to )?(understand|interpret|read) (the |a |this |these |that |its |their )*(probabilit|likelihood|confidence|score|percent|\\d ?%|0?\\.\\d)",
  "\\bwhat(('s| is) the| does the)? meaning of .*(probabilit|\\d ?%|\\b0?\\.\\d|confidence|score)",
  "\\bhow (sure|reliable|trustworthy|accurate|calibrated) (are|is) .*(probabilit|percent|\\d ?%|scores?|confidence)",
  "(概率|可能性|可信度|置信度|得分|分数|\\d ?%|0?\\.\\d).*(什么意思|是啥意思|啥意思|含义|意味着什么|代表什么|表示什么|说明什么|怎么理解|如何理解|可靠吗|准吗)",
);
const HELP = pattern(
  "^(please )?help( me)?( please)?[?!. ]*$",
  "^\\?+$",
  "^(hello|hi|hey|good (morning|afternoon|evening)|hello there|hi there|greetings)[!. ]*$|^(你好|您好|早上好|下午好|晚上好|嗨|哈喽)[!.。~]*$",
  "what (else )?(can|could|do|should|may) (you|i|we|one) (do|ask|search|say|type|find|look for)( (here|with|for|about|you))*\\b(?! (near|in|with|by|around) )",
  "how (do|does|can|should) (i|this|it|one|you) (use|work|ask|search|start|get started|operate)\\b",
  "what (kind|kinds|sort|sorts|type|types) of (questions?|objects?|places|features|landmarks|concepts|data|things?|quer(y|ies)|search(es)?)\\b",
  "(examples?|list) of (questions?|queries|things (i|you))",
  "which (questions?|concepts|objects|things) (can|do|may|are) (i|you|we|supported|known|available)",
  "what (questions?|objects|concepts|features|languages?) (can|do|are|may) (i|you|we|supported|known|available)",
  "^(give|show) me (some )?(an )?examples?( (questions?|queries))?[?!. ]*$",
  "^how does (this|it) work",
  "(your|the) (capabilities|features|functions|instructions for use|manual)\\b",
  "^(what are you|who are you)\\b",
  "^(帮助|救命|帮帮我)[?!.]*$",
  "(你|您|这个?(系统|工具|软件|助手)?|我)(都)?(能|会|可以|支持)(帮我|给我)?(做|干|回答|问|查|搜|找|搜索|查询|提问)?(些|一些)?(什么|啥|哪些)(样的)?(问题|事情?|功能|东西|内容|对象|概念)?[?吗呢]*$",
  "^(还|都)?(能|可以)(问|查|搜|找|做)(些)?(什么|啥|哪些)",
  "怎么(使?用|操作|提问|问|搜)|如何(使用|操作|提问|开始)|使用(说明|方法|帮助)|(什么|哪些)(样的)?(功能|问题)|你是谁|举(几)?个例子|有什么用",
);
const WHY_NOT = pattern(
  "\\bwhy\\b.*(\\bnot\\b|n't|\\bmissing\\b|\\bexclude[ds]?\\b|\\bleft out\\b|\\breject|\\bomit|\\bdropped\\b|\\bfail|\\bskipp|\\bno\\b|\\babsent\\b|\\bignored\\b|\\bwithout\\b|\\bruled out\\b|\\bdisappear)",
  "^(how come|what about|and) .*(n't|not|missing|left out) .*(list|result|include|shown|there|found|appear|there)",
  "\\bhow come\\b.*(n't|\\bnot\\b|\\bmissing\\b|\\bno\\b)",
  "\\bwhat('s| is) wrong with\\b|\\bwhat disqualif|\\breasons? .*(not|rejected|excluded|missing)",
  "(为什么|为何|为啥|怎么|咋)[^?]*(不|没|未|排除|漏|落选|淘汰|缺|少了|剔除|忽略)(?!错)",
);
const EXPLAIN = pattern(
  "^(so |but |and |ok |please )*(why\\b|explain\\b|how come\\b|what makes\\b|justify\\b|prove\\b)",
  "\\bcan you (explain|justify|prove)\\b|\\bhow (did|do) you (know|find|decide|choose|pick|rank|score|get|arrive|work out|come|determine)\\b|\\bwhat('s| is) (the )?(reason|evidence|proof|justification|reasoning|basis)\\b|\\bshow (me )?(the |your )?(proof|evidence|reasoning|reasons)\\b|\\bon what (basis|grounds)\\b|\\bwhy (is|are|was|did|does|do|have|has|should|would|this|that|#)",
  "为什么|为何|为啥|解释|凭什么|依据|理由|证据|证明|怎么(判断|知道|得出|确定|找到|选)|如何(判断|得出|确定|知道)|根据什么|什么道理",
);
const COMPARE = pattern(
  "\\b(is|are|was) #\\d+ .* than #\\d+|\\b(compare|comparing|comparison|contrast|versus|vs)\\b|\\bdifferences? (between|of|in)\\b|\\bhow (do|does|is|are) .*\\b(differ|different|compare)\\b|\\bwhat('s| is| are)( the)? (difference|distinguishes)|\\bwhich (one |of (them|these|those|the two) )?(is|was|has|are|lies) (the )?(better|larger|bigger|newer|closer|nearer|older|smaller|higher)( one)?[?.! ]*$|\\bwhich .*(#.*\\bor\\b|#.*than|\\bor #|first or|first and)",
  "(^|请|帮我|给我|能|来|,|想|要)比较(一下|下)?(?!近|远|大|小|多|密|长|高|少|靠|接近|偏|新|旧)|对比|区别|相比|有(什么|何|啥)不同|差(别|异)|有什么差|哪个(更|比较)|比一比|(#|第).*(和|与|跟|还是).*(#|第).*(哪|谁)|和.*(一样|相同)吗|谁更",
);
const COUNT = pattern(
  "\\bhow many\\b(?! (people|inhabitants|residents|teu|seats|megawatt|mw|tonnes|tons|passengers|years|metres|meters|km|miles|floors|storeys|stories|beds|students|employees|workers))",
  "\\b(the )?(total )?number of\\b(?! (people|inhabitants|residents|results|floors|passengers|seats))",
  "^(please |can you |could you |now |and )*count\\b|\\bcount (the|of|how|them|those|these|all|up)\\b|\\btotal (area|number|count|amount)\\b|\\bhow much (land|area|surface|of the)\\b|\\b(a|the) tally\\b|\\bhow often\\b",
  "多少(个|座|处|片|条|栋|艘|架|家|间|块|台|辆|只|根|所|口|幢|株|棵|颗|种)(?!座位|席位|床位|泊位|标箱|人)|(有|共|存在|统计)多少(?!(个?(座位|席位|床位|泊位|标箱)|人|年|钱|米|公里|层|吨|公顷|亩|面积|万))|(^|有|共|是|着|剩)几(个|座|处|片|条|栋|艘|架|家|间|块|台|辆|只|所|口)|总面积|总共|一共|数量(?!不|大于|小于|至少|超过|多于|少于|最多|在|为)|统计|计数|数一数|数一下",
);
const DESCRIBE = pattern(
  "^(ok |so |and |now |please )*(what('s| is| are| was)? (this|that|it|these|those|here|there)\\b|what('s| is| are)? (going on|visible|shown|in view|to see)|what('s| is) #|show (me )?(the )?(result )?#\\d+( on (the |a )?map)?[?.! ]*$|zoom (in )?to #|what('s| is| was) (the )?(first|second|third|fourth|fifth|last)( one| result| region)?[?.! ]*$|describe\\b|summari[sz]e\\b|give (me )?(a |an )?(description|summary|overview)\\b|tell me (more )?about\\b|tell me more\\b|what can you tell (me|us) about|what (has |have )?(been )?chang(ed|es)\\b|what('s| is| has)? (in|at|inside|on|new|different|changed) |what happened\\b|what do (you|we) see|what does .* look like|more (details?|information|info)\\b|show me (more )?details|(give|show) (me )?(more )?(details|information|info)|how (has|have|did) .* (changed?|develop(ed)?|evolved?|grown?))",
  "\\bwhat does (it|this|that|#|the|number|region|result).* look like\\b",
  "(这|它|那|此)(里|个|儿|处|地方|片|块)*(到底)?(是什么(?!时候|年|公司|单位|名)|是啥|是干什么的|是做什么的|有什么|有啥|长什么样|什么样)|(#\\d+|第.{1,3}个)(结果)?\\s?(到底)?(是什么|是啥|什么样|里面?有(什么|啥|哪些))(?!时候)|描述|介绍|说明一下|详细(说|讲|介绍|信息|描述)|详情|有(什么|哪些|何)变化|(#\\d+|第.{1,3}个|它|这里)(的)?(附近|周围|旁边|周边)有(什么|啥|哪些)|发生了(什么|哪些|啥)|概(况|述)|总结|什么样子|怎么样(了)?[?]*$|更多(信息|细节)|(有|发生)(了)?(哪些|什么)(改变|变动)|是什么(地方|东西|建筑)",
);
const ASK = pattern(
  "^(and |so |but |ok |please |do you know |can you tell me |could you tell me |tell me |i wonder |i'd like to know |i want to know )*(who|whom|whose|when|how (far|tall|high|old|big|large|long|much|wide|deep|many|busy|fast)|since when|by whom|in (what|which) year|(which|what) (year|company|operator|firm|authority|organi[sz]ation|owner|airport|port|river|town|road)|what('s| is| are| was| were)? (the |its |their |his |#\\d+'s )*(capacity|height|area|size|population|name|operator|owner|length|width|age|history|purpose|elevation|annual|distance|coordinates?|location|address|throughput|output|exact|date|year|depth|function|use|closest|nearest|opening)|what landmarks|what('s| is| are)( there)? (near|around|next to|beside|close to)|what do you know|does|did|is|was|were|has|do|are (there any )?landmarks|are)\\b",
  "\\b(runs|operates|owns|manages) (it|this|that|#)",
  "谁(在)?(运营|经营|管理|拥有|负责|建|开发|是)|(哪家|哪个|什么)(公司|单位|机构|企业|部门|集团|人)|何时|什么时候|哪一?年|多(高|远|大|长|宽|久|老|深|少年|少人|少吨|少米|少公里|少层)|运营(商|方|者)|运营|经营(者|方)|拥有者|业主|容量|产能|吞吐量|人口|建于|开通|启用|历史|用途|叫什么|名字|名称|海拔|高度|距离.*(是)?多少|面积是?多少|(面积|长度|高度|宽度)(是|有)?多|坐标|年代|归谁|谁的|属于谁|是哪",
);
const UNDO = pattern(
  "^(please |ok |no |sorry |wait |oops |let's |can you |actually |can we )*(undo|go back|step back|back( up)?|back one( step)?|go one step back|revert|roll ?back|(the )?previous (query|search|results?|one|question|step)|return to (the )?(previous|last|earlier)|back to (the )?(previous|last|earlier)|take (that|it) back|never ?mind( that)?|cancel( that| the last| it)?|undo( that| it| the last)?|(go|take me) back( to)?|restore)\\b",
  "^(请|先|还是|那|那就|不,?)?(撤销|撤回|返回|后退|退回|上一步|回到(上|前|之前|刚才|原来)|取消(上|刚才|这|$)|取消[.!]*$|恢复|回退|还原|退一步|上一个(查询|搜索|结果|问题))",
);
const RESET = pattern(
  "^(please |ok |let's |now |no )*(start (over|again|afresh|from scratch|anew|fresh)|begin again|new (search|query|topic|question)|reset|clear( everything| all| the (query|search)| it)?|forget (it|that|everything|all (of )?(that|this))|scrap (that|it|everything)|wipe)\\b",
  "^(请|那|我们)?(重新(开始|来|搜索|查询)|从头(开始|来)|新(的)?(搜索|查询|话题|问题)|重置|清空|清除|换个(话题|问题)|重来)",
);
const SIMILAR = pattern(
  "\\b(like|similar to|resembl\\w+|same as|looks? like|comparable to|akin to|alike)\\s+(#|no\\.|number|result|region|(the )?(first|second|third|fourth|fifth|last)\\b|it\\b|this\\b|that\\b|these\\b|those\\b)",
  "\\bmore (like|of) (#|these|those|this|that|it|the)|\\b(similar|look-?alikes?) (ones|places|sites|regions)",
  "(像|类似|照着|仿照|如同)(于)?\\s?(#|第|这|那|它|结果).{0,8}|(和|跟|与)(#|第|这|那|它|结果).{0,6}(一样|类似|相似|差不多|相像)|相似|类似(的)?",
);
const SEARCH_VERB =
  /^(please |can you |could you |would you |i want (you )?to |i'd like (you )?to |i would like to |i need to |let's |now |ok |okay |hi |hello |hey |help me |go |kindly |, ?)*(find|show me|show|search|look for|looking for|locate|identify|detect|spot|where (are|is|can)|are there|is there|do (you|we) (see|have|know of)|can (you|we) see|have you got|list|give me|get me|get|display|map|highlight|i('m| am) looking for|i need|i want|any)\b|^(请|帮我|请帮我|帮忙|能否|能不能|可以|可否|我想|我要|我需要|你|,|给我|麻烦|再|现在)*(找|查|查找|寻找|搜|搜索|查询|列出|显示|展示|看看|看|标出|识别|检测|定位|哪里有|哪儿有|有没有|有哪些|哪些地方|给我)/u;
const STARTS_A_CHANGE = pattern(
  "^(no,? |ok,? |okay,? |yes,? |please |can you |could you |actually,? |now |so |hmm,? |then |well,? |sorry,? |and |but |also |let's |i'd (like|prefer) |rather )*(only|just|also|without|with|within|exclude|except|drop|remove|not|no|nearer|closer|further|farther|bigger|larger|smaller|newer|older|make|instead|restrict|limit|keep|narrow|widen|extend|increase|reduce|decrease|expand|tighten|loosen|relax|filter|refine|sort|order|rank|more|fewer|less|those|these|the ones|ones|they|them|what about|how about|same|the same|of these|of those|among|in|at|near|around|outside|since|before|after|top|largest|smallest|nearest|closest|any|change|switch|replace|swap|add|include|set|try|use|do|it|that|which|must|should|has|have|prefer|rather|both|at least|at most|exactly|over|under|above|below|on|along|by|beside|next to|far|away|between|surrounded|up to|less than|more than|forget|lose|ignore|show only|show just|show me only|show me just|show me more|go|be|from|for|larger than|smaller than|first|new|big|small|large)\\b",
  "^(不,?|好,?|好的,?|嗯,?|那么?,?|现在,?|请,?|可以,?|能不能,?|然后,?|其实,?|但(是)?,?|而且,?|再,?|我(想|要),?|麻烦,?)*(只|仅|排除|去掉|去除|删|除了|除去|不要|不|没有|还要|还得|再|并|且|而|另外|改|换|其中|限|缩小|扩大|放宽|收紧|按|排序|在|距|离|靠近|更|大于|小于|超过|新|前|最|把|将|那|以|同样|一样|也|要|必须|得|保留|加|增加|附近|旁边|有|带|位于|至少|至多|这些|那些|它们|他们|用|设|变|取消|忽略|不限|无需|不用|从|自|20|沿|远离|被)",
);
const INSTEAD =
  /^no,? (?!more|need)|^and (the )?\p{L}+( \p{L}+)?\?$|\b(i mean|i meant|sorry|instead|rather|what about|how about|same (but )?(for|with)|now (only|just)|actually|switch(ed)? to|change (it|that|this)? ?to|make (it|that|them)|try|do the same|and for)\b|(还是找|还是看|我是说|我要的是|我说的是|应该是|换成|改成|改为|换|改找|改查|呢[?]*$|也一样|同样|一样)/u;

/** Requests for other work, and orders to the service, that happen to name a concept. */
const OTHER_WORK = pattern(
  "\\b(poems?|haiku|sonnet|limerick|stor(y|ies)|jokes?|songs?|sing|lyrics|essays?|recipes?|cook|bake|translat\\w+|weather|forecast|temperature|rain(s|ing|y)?|sunny|stocks?|bitcoin|crypto\\w*|invest|price[sd]?|pricing|costs?|cheap\\w*|rent|mortgage|buy|sell|purchase|book (me |us )?(a|an|the) \\w+|flights?|tickets?|reserv(e|ation)|restaurants? (open|menu)|menu|e-?mails?|text message|code|python|javascript|typescript|sql|html|regex|script|program(ming)?|passwords?|credentials?|secrets?|tokens?|api[ -]?keys?|system prompt|prompts?|jailbreak\\w*|developer mode|drop table|select \\*|rm -rf|sudo|execute|hack\\w*|exploits?|malware|virus(es)?|phish\\w*|bombs?|weapons?|explosives?|kill|murder|attack|suicide|drugs?|election|vote|politic\\w*|president|prime minister|religion|horoscope|movie|film|music|football (match|score)|world cup|olympics|game of|play (a|chess|music)|celebrit\\w*|actor|homework|equation|calculat\\w+(?! (the |their )?(total |overall |combined )?(area|number|distance|size|count|surface))|solve|derivative|integral|square root|capital of|meaning of life|i love (you|my|her|him)|love me|do you love|love (letter|song|poem)s?|in love|marry|girlfriend|boyfriend|feel(ing)?s? (sad|lonely|happy|sick|tired|bad)|lonely|sad|depressed|doctor|medicine|symptoms?|diagnos\\w+|lawyer|legal advice|tax(es)?|salary|career|predict|next year|lottery|tomorrow|tonight|next (week|month|year)|who (wrote|invented|discovered|painted|won|sang|directed)|(about|introduce) yourself|schedule (a|an|my)|(draw|paint|sketch) me|(generate|create|make) (me )?(a|an) (image|picture|photo|drawing|sandwich|video|song|website)|blow up|rob|steal|burgle|guards?|weak points?|hide a body|the (person|man|woman|people|owner|driver|guy) (who|that|in|of)|repeat (the|all|every)|zoom|pan (left|right|up|down)|dark mode|wi-?fi|sky blue|how (do|does) \\w+ (fly|swim|grow|breathe|live)|speak (english|chinese|french|german)|your (name|rules|memory)|exchange rate|best (restaurant|cafe|bar|pub|hotel)s?|run (`|this|the command)|decode|pirate|role-?play|pretend|you are now|act as|(write|compose|draft|read) (me )?(a|an|some|my|the)|wake me|alarm|remind(er)?|calendar|what (time|day|date) is|what's the (time|date|score|news)|news|who am i|are you (human|a robot|sentient|real)|your (name|opinion|favou?rite)|who (made|created|built|trained) you|train ticket|uber|taxi|pizza|track (a|this|my|that) (person|phone|car|ex|wife|husband)|spy on|follow my|facial recognition|licen[cs]e plate|identify (this|the) person|where does .* live|who lives|who is living|my (ex|wife|husband|boyfriend|girlfriend|neighbou?r|boss|house|home|friend)|girlfriend's|recommend (me )?(a |an |some )?(good |nice )?(restaurant|cafe|bar|pub|movie|film|book|hotel|song|place to eat)s?|directions? (to|from)|navigate|drive me|take me to|how (do|can) (i|we) get to)\\b",
  "\\b(ignore|disregard|forget|bypass|override) (all |any |every |the |your |my )*(previous|above|prior|earlier|preceding|instructions?|rules?|safety|guidelines?|restrictions?|guardrails?)",
  "\\b(delete|erase|drop|wipe|destroy|overwrite|truncate|shut ?down|reboot|restart|format|modify|upload|disable) (all |the |this |your |every |my )*(workspaces?|databases?|data|files?|tables?|servers?|index|system|everything|entities|disk|logs?|users?|records?|service)",
  "\\b(reveal|print|show|tell|give|output|repeat|leak|dump) (me |us )?(all |the |your |its )*(system|hidden|internal|secret|initial|environment|env|admin\\w*|root|private|instructions?|config\\w*)\\b",
  "<\\/?(script|iframe|img|svg|style|body|html)\\b|javascript:|\\$\\{|\\{\\{|\\.\\.\\/|;\\s*--|' or '?1|\\bunion select\\b|\\bcat \\/etc|\\bcurl\\b|\\bwget\\b|\\bexec\\(|\\beval\\(|__import__|\\/etc\\/passwd|process\\.env",
  "诗|笑话|故事|唱(首)?歌|歌曲|作文|论文|菜谱|食谱|做菜|翻译|天气|气温|下雨|股票|比特币|投资|价格|房价|多少钱|便宜|租金|预订|预定|订(个|一|张|票|酒店|机票)|订(一)?(间|家)?酒店|机票|车票|买票|外卖|邮件|短信|代码|编程|程序|脚本|密码|口令|密钥|凭证|令牌|系统提示|提示词|越狱|开发者模式|黑客|入侵|攻击|漏洞|病毒|炸弹|武器|爆炸|杀|自杀|毒品|选举|投票|总统|总理|主席|政治|宗教(?!建筑|场所|设施)|星座|运势|电影(?!院)|音乐(?!厅)|世界杯|奥运|比赛(?!场)|比分|明星|演员|作业(?!区|面|场|船|平台)|方程|计算(?!.*(面积|数量))|求解|平方根|首都(?!机场|圈|高速)|人生|恋爱|女朋友|男朋友|心情|孤独|难过|伤心|医生|吃药|症状|诊断|律师|(?<!保)税|工资|彩票|预测|明年|海盗|扮演|假装|你现在是|从现在(起|开始)你|闹钟|提醒我|日历|几点|星期几|新闻|你(叫什么|多大|喜欢|是人|觉得)|打车|点餐|跟踪(这|某|一|我)|监视(这|某|一|我)|车牌|人脸|住在哪|住哪里|谁住|黑进|谁发明|谁写|谁画|怎么飞|如何飞|偷|抢劫|藏尸|你自己|会说(英语|中文|法语)|写(一)?封信|星期几|黄金|走势|放大地图|缩小地图|天空|猫娘|我(的)?(前女友|前男友|前妻|前夫|老婆|老公|邻居|家|朋友)|(女|男)友|推荐.*(餐厅|餐馆|饭店|电影|书|酒店|美食|小吃)|带我去|导航|怎么走|路线规划|开车去",
  // Orders to what is behind the service, in the words of its tools and protocols.
  "\\b(call|invoke|use|run) (the |a |another )?tools?\\b|\\b(coarse_index|pyramid_refine|fol_reason|landmark_knowledge|describe_region|compare_regions|export_regions)\\b|\\bsystem\\b.{0,12}\\b(note|notice|message|policy|override)\\b|\\brole\\W{1,6}system\\b|im_start",
  "调用.{0,4}(工具|接口|函数)|系统.{0,3}(通知|消息|公告|指令|规定)",
  "(忽略|无视|忘记|忘掉|绕过)(掉)?(以上|之前|上面|前面|所有|全部|你)(的)?(所有|全部|一切)?(的)?(指令|指示|规则|内容|限制|要求|提示|说明)",
  "(删除|清空|销毁|格式化|关闭|重启|修改|覆盖|破坏|停用)(掉)?(所有|全部|整个|这个|你的?|该)?(的)?(工作区|数据库?|文件|表|服务器|系统|索引|日志|用户|记录|磁盘|服务)",
  "(告诉|给|显示|输出|打印|泄露|透露)(我|出)?(你的?|所有|管理员)?(的)?(系统|隐藏|内部|秘密|初始|环境变量|管理员|指令|配置)",
);
const TYPED_FACT = pattern(
  "\\b(runs?|operat\\w+|owns?|owner|managed?|open(ed|ing)?|built|constructed|capacity|population|inhabitants|throughput|height|tall|elevation|history|landmarks?|teu|established|founded|completed|annual|area of|size of|length of|name of|how (far|big|large|long|wide|tall|high|deep|old))\\b",
  "运营|经营|拥有|业主|容量|产能|吞吐|人口|居民|建于|建成|开通|启用|开业|高度|多高|多大|多长|多远|面积|长度|海拔|历史|地标|年代",
);
/** Words of a question about results, for conversations that have none yet. */
const OF_RESULTS =
  /\b(results?|rank\w*|ch(o|oo)se|chosen|pick\w*|select\w*|these|those|this|that|it|they|them|first|second|list|score|answer|proof|evidence|reasoning)\b|结果|选|这|那|它|排|第|证据|理由|依据/u;
const YES_NO = /^(and |so |but )?(is|was|does|did|has|are|do|were) (there (a|an|any)|any)\b/u;

/** What kind of turn the message is, from its shape, what was read of it, and the conversation. */
export function intentOf(
  plain: string,
  draft: Draft,
  dialogue: DialogueState,
  references: readonly Reference[],
): Intent {
  if (!/[\p{L}\p{N}#]/u.test(plain)) return "help";
  const standing = dialogue.query;
  const isSearchVerb = SEARCH_VERB.test(plain);
  if (OTHER_WORK.test(plain) && !(draft.unparsed.length === 0 && draft.target && isSearchVerb)) return "out_of_scope";
  if (HELP.test(plain) && !draft.target) return "help";
  if (draft.startsOver && draft.target) return "search";
  if (standing && draft.otherSideOf.length > 0 && !draft.target) return "refine";
  if (isUndo(plain, draft) || isReset(plain, draft)) return standing ? "refine" : "help";
  const changes = standing ? patchFromDraft(draft, standing) : [];
  if (standing && (draft.removals.length > 0 || draft.swaps.length > 0) && changes.length > 0) return "refine";
  if (asksForMeaning(plain) && !draft.target) return "explain";
  if (WHY_NOT.test(plain)) return "why_not";
  if (COMPARE.test(plain)) return "compare";
  if (COUNT.test(plain) && !(isSearchVerb && draft.target?.count) && draft.sort?.by !== "count") return "count";
  if (EXPLAIN.test(plain))
    return standing || references.length > 0 || OF_RESULTS.test(plain) ? "explain" : "out_of_scope";
  if (SIMILAR.test(plain) && dialogue.regions.length > 0 && references.length > 0) return "refine";
  if (DESCRIBE.test(plain) && !asksForKinds(plain, draft))
    return isNamedSubject(plain, draft, references) ? "ask" : "describe";
  if (standing && draft.sort && changes.length > 0 && namesNothing(draft) && references.length === 0) return "refine";
  const mayAsk = ASK.test(plain) && !isSearchVerb && !YES_NO.test(plain) && !asksForKinds(plain, draft);
  if (mayAsk && isAnswerable(plain, draft, dialogue, references) && !isChange(plain, changes.length, draft))
    return "ask";
  // "is there a school near #1?" asks about a result.
  const isAboutResult = draft.ranks.length > 0 && draft.exclude.length === 0 && draft.target !== null;
  if (standing && isAboutResult && /[?]$|吗|有没有/.test(plain)) return "ask";
  if (standing && changes.length > 0 && isRefinement(plain, draft, standing, isSearchVerb)) return "refine";
  if (draft.target) return "search";
  if (standing && changes.length > 0) return "refine";
  if (draft.relations.length > 0 || draft.count)
    return isSearchVerb || draft.relations.length > 0 ? "search" : "out_of_scope";
  const isShaped =
    draft.sort !== undefined || draft.time !== null || draft.geo.length > 0 || draft.areaM2 !== undefined;
  if (draft.unparsed.length > 0 && (isSearchVerb || isShaped) && !ASK.test(plain)) return "search";
  return "out_of_scope";
}

/** "what new construction sites are there": a search that begins like a question. */
function asksForKinds(plain: string, draft: Draft): boolean {
  const noun = draft.spans.find(({ slot }) => slot === "target.concept");
  if (!draft.target || !noun) return false;
  if (/哪些/.test(plain)) return true;
  const before = plain.slice(0, noun.start);
  if (before.trim() === "" && /^(which|what)\b/.test(plain)) return true;
  return /^(and |so )?(what|which)( of the| of these)?( [\p{L}-]+){0,3} ?$/u.test(before) && !ASKS_OF_ONE.test(before);
}
const ASKS_OF_ONE =
  /\b(is|are|was|were|has|does|did|do|company|operator|authority|firm|year|organi[sz]ation|person|country|agency|owner|name|capacity|height|size|area|the)\b/;

/** "does it have to be new?" asks nothing of the world, "is it within 500 m" might; a change needs a verb of its own. */
function isChange(plain: string, changes: number, draft: Draft): boolean {
  return changes > 0 && draft.removals.length + draft.swaps.length > 0 && !plain.endsWith("?");
}

function isNamedSubject(plain: string, draft: Draft, references: readonly Reference[]): boolean {
  if (
    references.length > 0 ||
    !/^(please |can you |could you )*(tell me about|describe|what do you know)|介绍/.test(plain)
  )
    return false;
  return draft.geo.some(({ kind }) => kind === "place") || draft.target !== null || draft.unparsed.length > 0;
}

/** A question about the world needs something of it: a place, a kind of thing, a result, or a fact that is kept of places. */
function isAnswerable(plain: string, draft: Draft, dialogue: DialogueState, references: readonly Reference[]): boolean {
  if (
    references.length > 0 ||
    draft.target ||
    draft.relations.length > 0 ||
    (draft.pointsBack && dialogue.regions.length > 0)
  )
    return true;
  return TYPED_FACT.test(plain) || draft.geo.some(({ kind }) => kind !== "place");
}

/** Does a message with changes speak of the standing query, or start a new one? */
function isRefinement(plain: string, draft: Draft, standing: Query, isSearchVerb: boolean): boolean {
  if (!draft.target) return !isSearchVerb || !draft.unparsed.some(({ slot }) => slot === "unparsed");
  if (INSTEAD.test(plain) && !isSearchVerb) return true;
  if (isBoundOfAnchor(draft, standing)) return true;
  const isSame = draft.target.concept === standing.target.concept;
  if (isSame)
    return (
      !/^(please |can you |now )*(find|search|look for|where|查找|寻找|搜索)/.test(plain) &&
      (STARTS_A_CHANGE.test(plain) || draft.pointsBack) &&
      (!isSearchVerb || (/^(show|any|only|给我|再)/.test(plain) && draft.pointsBack))
    );
  return false;
}

function namesNothing({ target, relations, removals, swaps }: Draft): boolean {
  return !target && relations.length === 0 && removals.length === 0 && swaps.length === 0;
}

/** The message asks what a probability means. */
export function asksForMeaning(plain: string): boolean {
  return MEANING.test(plain);
}

/** The message asks for the step before. */
export function isUndo(plain: string, draft: Draft): boolean {
  return namesNothing(draft) && UNDO.test(plain);
}

/** "at least four tanks" after "factories with at least two tanks" bounds the anchor anew. */
function isBoundOfAnchor({ target, relations, geo }: Draft, standing: Query): boolean {
  if (!target?.count || relations.length > 0 || geo.length > 0) return false;
  return standing.relations.some(({ anchors }) =>
    anchors.some(({ concept, count }) => concept === target.concept && count),
  );
}

/** The message gives the standing query up. */
export function isReset(plain: string, draft: Draft): boolean {
  return namesNothing(draft) && RESET.test(plain);
}

/** "like #2 but …". */
export function isSimilar(plain: string): boolean {
  return SIMILAR.test(plain);
}

/** Requests for other work, and orders to the service. */
export function isOtherWork(plain: string): boolean {
  return OTHER_WORK.test(plain);
}

export function isWhyNot(plain: string): boolean {
  return WHY_NOT.test(plain);
}

import type { Intent } from "../../knowledge/ontology/ids.ts";
import { conceptName } from "../../knowledge/ontology/names.ts";
import type { Draft } from "./draft.ts";
import { draftQuery } from "./draft.ts";
import { parseChinese } from "./parse-chinese.ts";
import { parseEnglish } from "./parse-english.ts";
import { applyPatch, patchFromDraft } from "./patch.ts";
import type { Noun, Query } from "./schema.ts";
import { normalise } from "./tokens.ts";
import type { DialogueState, Question, Reference, Turn, UnderstandContext } from "./turn.ts";

/** Longer messages are cut here; what follows is reported as not understood. */
const MOST_CHARACTERS = 4000;

/**
 * What a message means in its conversation, by a fixed grammar over the lexicon: intent, the whole query after this
 * turn, the change it makes, what it points at, and the words that were not understood. Never fails, never guesses a noun.
 */
export function understand(message: string, dialogue: DialogueState, context: UnderstandContext): Turn {
  const text = message.slice(0, MOST_CHARACTERS);
  const language = languageOf(text, dialogue);
  const plain = normalise(text).trim();
  const draft = language === "zh" ? parseChinese(text, context) : parseEnglish(text, context);
  if (message.length > MOST_CHARACTERS) {
    draft.unparsed.push({
      start: MOST_CHARACTERS,
      end: message.length,
      text: message.slice(MOST_CHARACTERS, MOST_CHARACTERS + 40),
      slot: "unparsed",
    });
  }
  const references = referencesOf(plain, draft, dialogue);
  const intent = intentOf(plain, draft, dialogue, references);
  const base: Turn = {
    intent,
    language,
    query: null,
    patch: null,
    references,
    question: null,
    confidence: confidenceOf(draft, text),
    unparsed: draft.unparsed,
    alternatives: [],
    action: "none",
  };
  switch (intent) {
    case "search":
      return { ...base, query: resolved(draftQuery(draft), references), action: dialogue.query ? "reset" : "none" };
    case "refine":
      return refineTurn(base, plain, draft, dialogue);
    case "help":
    case "out_of_scope":
      return base;
    case "count":
    case "why_not":
      return {
        ...base,
        query: questionQuery(intent, draft, dialogue),
        question: questionOf(plain, text, draft, context),
        unparsed: [],
      };
    default:
      return {
        ...base,
        query: intent === "explain" ? dialogue.query : null,
        question: questionOf(plain, text, draft, context),
        unparsed: [],
      };
  }
}

function languageOf(text: string, dialogue: DialogueState): "en" | "zh" {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const latin = text.match(/[a-z]/gi)?.length ?? 0;
  if (han === 0 && latin === 0) return dialogue.language ?? "en";
  return han * 2 >= latin && han > 0 ? "zh" : "en";
}

const HELP =
  /^(help|\?|what can (you|i) (do|ask)|how (do|does|can) (i|this|it) (use|work|ask)|what (do|can) i (do|ask)|帮助|你(能|会|可以)(做|干|回答)?什么|怎么用|如何使用|使用说明)/;
const WHY_NOT =
  /(\bwhy\b.*(\bnot\b|n't|\bmissing\b|\bexcluded\b|\bleft out\b|\brejected\b|\bomit))|(为什么|为何|怎么).*(不|没|未|排除|漏)/;
const EXPLAIN =
  /^(why\b|explain\b|how come\b|what makes\b|justify\b|show (me )?the proof)|^(为什么|为何|解释|凭什么|依据|理由)|为什么/;
const COMPARE = /\b(compare|comparison|difference between|differ|versus|vs\.?)\b|比较|对比|区别|相比|有什么不同/;
const COUNT =
  /\b(how many|number of|count (the|of|how)|total (area|number))\b|^count\b|多少(个|座|处|片|条|栋|艘|架|家)?|几(个|座|处|片|条|栋|艘|架|家)|总面积|总共|数量/;
const DESCRIBE =
  /^(what('s| is| are)? (this|that|it|these|here)\b|what is #|describe\b|tell me (more )?about\b|what (has )?changed\b|what('s| is) (in|at|inside) #|what happened\b|what do (you|we) see)|(这|它|那)(里|个|儿)?(是什么|是啥)|描述|介绍|说明一下|有什么变化|发生了什么/;
const ASK =
  /^(who|whom|whose|when|how (far|tall|high|old|big|large|long|much|wide|deep)|since when|which (company|operator|of these)|what('s| is| are| was)? (the )?(capacity|height|area|size|population|name|operator|owner|length|age|history|purpose|elevation|annual)|what landmarks|what do you know|is it|does it|did it|in (what|which) year|which year)|谁|哪家|何时|什么时候|哪一年|哪年|多(高|远|大|长|宽|久|老)|运营|经营|拥有者|业主|容量|产能|人口|建于|开通|启用/;
const UNDO =
  /^(undo|go back|back( up)?|revert|previous (query|search|result)s?|take that back|never ?mind)\b|^(撤销|返回|后退|上一步|回到上一步|取消)/;
const RESET =
  /^(start over|new (search|query|topic)|reset|clear|forget (it|that|everything))\b|^(重新开始|新(的)?(搜索|查询)|重置|清空)/;
const SIMILAR =
  /\b(like|similar to|resembl\w+|same as)\s+(#\s?\d+|no\.\s?\d+|(the )?(first|second|third|fourth|fifth)( one)?|it|this|that)|(像|类似|和|跟)\s?(#\s?\d+|第.{1,3}个)|相似/;
const REFINE_START =
  /^(only|just|but|and|also|without|with|within|exclude|except|drop|remove|not|no|nearer|closer|further|farther|bigger|larger|smaller|newer|older|make it|instead|now|restrict|limit|keep|narrow|widen|show (only|just|more)|sort|order|rank|more|fewer|those|these|the ones|what about|how about|same|of these|of those|among|in|at|near|around|outside|since|before|after|top|largest|smallest|nearest|closest|any)\b|^(只|仅|排除|去掉|除了|不要|不|没有|还要|再|并且|而且|另外|改|换|其中|限|缩小|扩大|放宽|按|排序|在|距|离|靠近|更|大于|小于|超过|新|前|最|把|那|那么|以)/;
const SEARCH_VERB =
  /^(please |can you |could you |i want to |i'd like to |let's |now )*(find|show me (all|the|every)|search|look for|locate|identify|detect|where (are|is)|are there|is there|list|give me all|get)\b|^(请|帮我|请帮我|能否|我想)*(找|查找|寻找|搜索|查询|列出|哪里有|有没有|哪些地方)/;

function intentOf(plain: string, draft: Draft, dialogue: DialogueState, references: readonly Reference[]): Intent {
  if (plain === "") return "help";
  if (HELP.test(plain)) return "help";
  if (UNDO.test(plain) || RESET.test(plain)) return dialogue.query ? "refine" : "help";
  if (WHY_NOT.test(plain)) return "why_not";
  if (COMPARE.test(plain)) return "compare";
  if (COUNT.test(plain) && !SEARCH_VERB.test(plain)) return "count";
  if (EXPLAIN.test(plain)) return "explain";
  if (SIMILAR.test(plain) && dialogue.regions.length > 0 && references.length > 0) return "refine";
  if (DESCRIBE.test(plain))
    return /^(tell me about|describe|介绍)/.test(plain) && references.length === 0 ? "ask" : "describe";
  if (ASK.test(plain) && !SEARCH_VERB.test(plain)) return "ask";
  const changes = dialogue.query ? patchFromDraft(draft, dialogue.query) : [];
  if (dialogue.query && changes.length > 0) {
    if (
      !draft.target ||
      (draft.target.concept === dialogue.query.target.concept &&
        (REFINE_START.test(plain) || draft.pointsBack) &&
        !SEARCH_VERB.test(plain))
    )
      return "refine";
    if (REFINE_START.test(plain) && !SEARCH_VERB.test(plain)) return "refine";
    if (draft.pointsBack && !SEARCH_VERB.test(plain) && draft.target.concept === dialogue.query.target.concept)
      return "refine";
  }
  if (draft.target) return isAboutImagery(plain, draft) ? "search" : "out_of_scope";
  if (draft.unparsed.length > 0 && SEARCH_VERB.test(plain)) return "search";
  return "out_of_scope";
}

/** Requests for other work that happen to name a concept: poems about rivers, code, prices, bookings, orders to the service. */
const OTHER_WORK =
  /\b(poem|story|joke|song|essay|recipe|translate|weather|forecast|stock|price|book (a|me)|buy|sell|hotel|flight|email|code|script|program|password|api key|system prompt|ignore (all|previous|the above)|delete|drop table|rm -rf|sudo|execute|hack)\b|诗|笑话|故事|天气|股票|价格|预订|翻译|代码|密码|系统提示|忽略(以上|之前)|删除(数据|所有)/;

function isAboutImagery(plain: string, draft: Draft): boolean {
  return !OTHER_WORK.test(plain) || (draft.unparsed.length === 0 && draft.relations.length > 0);
}

/** "#2", "the second one", "it", "those": resolved against the last results. */
function referencesOf(plain: string, draft: Draft, dialogue: DialogueState): Reference[] {
  const found: Reference[] = draft.ranks.map(({ rank, start, end, text }) => ({ text, start, end, rank }));
  const add = (match: RegExpExecArray | null, rank: number) => {
    if (match && !found.some(({ start }) => start === match.index))
      found.push({ text: match[0], start: match.index, end: match.index + match[0].length, rank });
  };
  const ordinals = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
  for (const match of plain.matchAll(
    /\b(?:the )?(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last)(?: one| result| region)?\b/g,
  )) {
    if (match[1] === "first" && /first (two|three|four|five|\d)/.test(plain)) continue;
    add(
      match as unknown as RegExpExecArray,
      match[1] === "last" ? dialogue.regions.length : ordinals.indexOf(match[1] as string) + 1,
    );
  }
  for (const match of plain.matchAll(/\b(?:number|result|region) (\d+)\b/g))
    add(match as unknown as RegExpExecArray, Number(match[1]));
  if (found.length === 0 && dialogue.regions.length > 0) {
    const pronoun = /\b(this|it|here|this one|that one|this place)\b|这里|这个|它(?!们)|此处/.exec(plain);
    if (pronoun && !/^(is|make) it\b|\bmake it\b|in this (view|area)/.test(plain)) add(pronoun, 1);
  }
  return found.map((reference) => {
    const region = dialogue.regions.find(({ rank }) => rank === reference.rank);
    return region ? { ...reference, region: region.id } : reference;
  });
}

/** Region exclusions by rank become exclusions by region id; ranks that name no result are dropped and stay in the references. */
function resolved(query: Query | null, references: readonly Reference[]): Query | null {
  if (!query) return null;
  const exclude = query.exclude.flatMap((exclusion): Query["exclude"] => {
    if (!("region" in exclusion)) return [exclusion];
    const region = references.find(({ rank }) => `#${rank}` === exclusion.region)?.region;
    return region ? [{ region }] : [];
  });
  return { ...query, exclude };
}

function refineTurn(base: Turn, plain: string, draft: Draft, dialogue: DialogueState): Turn {
  const standing = dialogue.query as Query;
  if (UNDO.test(plain)) {
    const previous = dialogue.history.at(-1);
    return previous
      ? { ...base, query: previous, patch: [], action: "undo", unparsed: [] }
      : { ...base, query: standing, patch: [], unparsed: [] };
  }
  if (RESET.test(plain)) return { ...base, intent: "help", action: "reset", unparsed: [] };
  const isSimilar = SIMILAR.test(plain);
  let patch = patchFromDraft(isSimilar ? { ...draft, exclude: [] } : draft, standing);
  const drop = /\b(drop|remove|forget|ignore|without) the (.+?) (condition|constraint|limit|requirement|filter)\b/.exec(
    plain,
  )?.[2];
  if (drop) {
    const index = standing.relations.findIndex(({ anchors }) =>
      anchors.some(({ concept }) => drop.includes(conceptName(concept, "en").split(" ").at(-1) ?? "")),
    );
    if (/distance/.test(drop))
      patch = standing.relations.map((_, at) => ({ op: "remove", path: `relations.${at}.distanceM` }));
    else if (index >= 0) patch = [{ op: "remove", path: `relations.${index}` }];
    else if (/time|date|new/.test(drop)) patch = [{ op: "replace", path: "time", value: null }];
    else if (/size|area/.test(drop)) patch = [{ op: "remove", path: "target.areaM2" }];
  }
  const query = resolved(applyPatch(standing, patch), base.references);
  return { ...base, query, patch, action: isSimilar ? "similar_to" : "none" };
}

/** The query that a why-not or count question looks at: its own when it is a whole one, else the standing one. */
function questionQuery(intent: Intent, draft: Draft, dialogue: DialogueState): Query | null {
  if (intent === "count" && draft.target && draft.ranks.length === 0) {
    const own = draftQuery(draft);
    if (own) return { ...own, exclude: [] };
  }
  return dialogue.query;
}

const TOPICS: readonly (readonly [RegExp, string])[] = [
  [/how far|distance|多远|距离/, "distance"],
  [
    /\bwho\b.*(runs?|operates?|manages?|in charge|responsible)|operat|runs\b|run by|谁.*(运营|经营|管理|负责)|运营|经营/,
    "operator",
  ],
  [/\bwho\b.*(owns?|built|build)|owner|拥有|业主|谁/, "operator"],
  [/open(ed)?\b|启用|开通|开业|开放/, "opened"],
  [/when|how old|since|built|year|何时|什么时候|哪年|哪一年|多久|建于|建成/, "built"],
  [/capacity|how (much|many)|teu|throughput|容量|产能|吞吐|座位/, "capacity"],
  [/how (tall|high)|height|elevation|多高|高度/, "height"],
  [/population|inhabitants|how many people|人口/, "population"],
  [/how (big|large)|\barea\b|size|多大|面积/, "area"],
  [/chang|happened|变化|发生/, "change"],
  [/why|reason|为什么|为何|理由/, "reason"],
  [/landmarks|nearby|around here|附近有/, "nearby"],
  [/what('s| is| are)? (this|that|it|here|the name|#)|tell me|describe|是什么|介绍|描述/, "identity"],
];

function questionOf(plain: string, message: string, draft: Draft, context: UnderstandContext): Question {
  const topic = TOPICS.find(([pattern]) => pattern.test(plain))?.[1] ?? "other";
  const names = draft.geo.flatMap(({ name }) => name ?? []);
  const folded = new Set(names.map((name) => name.toLowerCase()));
  const places = context.gazetteer.places
    .filter((place) => place.names.some((name) => folded.has(name.toLowerCase())))
    .sort((a, b) => b.importance - a.importance)
    .map(({ id }) => id);
  const anchor = draft.relations.at(-1)?.anchors[0] ?? null;
  const own: Noun | null = draft.target
    ? { concept: draft.target.concept, attributes: draft.target.attributes, relations: [] }
    : null;
  const noun = WHY_NOT.test(plain) ? (anchor ?? own) : (own ?? anchor);
  const subject = names[0] ?? subjectWords(message, draft);
  return { topic, ...(subject && { subject }), places, noun: names.length > 0 && !WHY_NOT.test(plain) ? null : noun };
}

/** The words of the thing asked about: "the container terminal". */
function subjectWords(message: string, draft: Draft): string | undefined {
  const span =
    draft.spans.find(({ slot }) => slot === "target.concept") ??
    draft.spans.find(({ slot }) => slot.startsWith("relations."));
  if (span) return span.text.replace(/^(at|near|by|in|on)\s+/i, "");
  const quoted =
    /\b(?:about|of|for|does|is|runs?|operates?|owns?|built)\s+(the\s+)?([\p{L}\p{N}' -]{3,60}?)[?.!]*$/u.exec(
      message.trim(),
    )?.[2];
  return quoted && !/^(it|this|that|#?\d+|here|there)$/i.test(quoted) ? quoted : undefined;
}

/** Share of the letters of the message that the grammar accounts for, lowered by what is left over. */
function confidenceOf(draft: Draft, message: string): number {
  const letters = message.replace(/[^\p{L}\p{N}]/gu, "").length || 1;
  const left = draft.unparsed.reduce((sum, { text }) => sum + text.replace(/[^\p{L}\p{N}]/gu, "").length, 0);
  return Math.round(Math.max(0.05, 1 - left / letters) * 100) / 100;
}

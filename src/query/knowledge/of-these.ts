import { FACT_PROPERTIES, type FactProperty } from "../../knowledge/fact-properties.ts";
import { asksIn } from "./asks.ts";
import { comparativeIn, type Degree, superlativeIn } from "./degrees.ts";

/** The things meant are those of the conversation: "of these", "among the results", "其中". */
const OF_THESE =
  /\b(of|among|amongst|out of|between) (all )?(these|those|them|(the|these|those) (results?|regions?|places|sites|landmarks|ones|two|three|four|five|six|seven|eight|nine|ten|\d+))\b|\b(these|those|the results)\b.*\b(which|what|who)\b|这些|那些|其中|它们|他们|(这|那|上面|以上)[的]?[两二三四五六七八九十几\d]+(个|座|条|处|家)|(结果|上面|以上)(里|中|之中|当中|的)/u;
/** "which one is the oldest?", "哪个最早?": of what was just spoken of, where nothing else is named. */
const WHICH_ONE =
  /^(and |so |ok |then |but )*(which|what|who)( one)?('s| is| was| has| had| are| were| did| does| do| can| covers| holds| opened| carries| handles)?\b|^(and |or |what about |how about )?the (old|new|tall|high|low|long|short|large|larg|bigg|small|deep|wid|earli|lat|busi)e?st( one)?[?.! ]*$|^(and )?(the one )?with (the )?(most|least|fewest|highest|lowest|largest)\b|^(那|那么)?(哪(一)?(个|座|条|处|家)|谁|最.{1,4}的?(是|为)?(哪|谁)|最.{1,3}的(那个|一个)?(呢)?[??]*$)/u;

/** "what changed most recently?" asks for changes. */
const OF_CHANGE = /\b(chang|happen|appear)\w*|变化|改变|发生/u;

/** Whether a message speaks of several things that the conversation holds, by words that say so. */
export function isOfThese(plain: string): boolean {
  return OF_THESE.test(plain);
}

/**
 * The end of a scale that a message asks for among the things of the conversation, or null: "which of these is oldest?",
 * "which one has the most passengers?", "其中哪个最大?".
 *
 * @param plain the message in lower case, or folded
 */
export function degreeOfThese(plain: string): Degree | null {
  if ((!OF_THESE.test(plain) && !WHICH_ONE.test(plain)) || OF_CHANGE.test(plain)) return null;
  const asked = asksIn(plain)
    .flatMap(({ properties }) => properties)
    .filter((one): one is FactProperty => one in FACT_PROPERTIES);
  return superlativeIn(plain, asked) ?? comparativeIn(plain, asked);
}

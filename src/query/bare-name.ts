import { isConceptId } from "../../knowledge/ontology/ids.ts";
import { conceptName } from "../../knowledge/ontology/names.ts";
import { foldName } from "../knowledge/names.ts";
import type { Gazetteer, Place } from "./turn.ts";

const ENGLISH_LOOKING =
  /^(please |can you |could you )?(find|search for|look for|locate|show( me)?|go to|zoom to|take me to|where is|where's)( the)?\s+/iu;
const CHINESE_LOOKING = /^(请|帮我|请帮我|麻烦)?(查找|寻找|找到|找出|找|搜索|显示|定位到?|转到|看看)(一下)?/u;
const CHINESE_WHERE = /(在哪里|在哪儿|在哪)$/u;
const ENDING = /[\s.!?。!?]+$/u;
const HAN = /\p{Script=Han}/u;
/** Shorter names may be plain words: a place called "Port" is none that one asks for by that alone. */
const LEAST_WORDS = 2;
const LEAST_HAN = 3;

/**
 * A message that is the name of a known place and nothing else, but for a word of looking, in words that ask for that place: what is known of a landmark, or the thing
 * itself where a map alone has its name. Other messages stay as they are, and so do names that several places share.
 */
export function expandBareName(message: string, gazetteer: Gazetteer): string {
  const trimmed = message.trim().replace(ENDING, "");
  const name = trimmed.replace(ENGLISH_LOOKING, "").replace(CHINESE_LOOKING, "").replace(CHINESE_WHERE, "").trim();
  const isChinese = HAN.test(trimmed);
  if (!isLongEnough(name)) return message;
  const wanted = foldName(name);
  const asksWhere = /^where\b/iu.test(trimmed) || CHINESE_WHERE.test(trimmed);
  const landmark = gazetteer.landmarks?.all.find(({ names }) => names.some((other) => foldName(other) === wanted));
  // "where is …" is answered with the place's position as it stands.
  if (landmark) return asksWhere ? message : isChinese ? `介绍${name}` : `tell me about ${name}`;
  const places = gazetteer.places.filter(({ names }) => names.some((other) => foldName(other) === wanted));
  const [place] = places;
  // A number in a name would be read as one.
  return place?.concept && places.length === 1 && !/\d/.test(name) ? searchFor(place, name, isChinese) : message;
}

function isLongEnough(name: string): boolean {
  return HAN.test(name) ? [...name].length >= LEAST_HAN : name.split(/\s+/).filter(Boolean).length >= LEAST_WORDS;
}

/** Things of the place's kind that touch it: the thing itself before all others. */
function searchFor({ concept }: Place, name: string, isChinese: boolean): string {
  if (concept === null || !isConceptId(concept)) return name;
  return isChinese
    ? `距${name}5米以内的${conceptName(concept, "zh")}`
    : `${conceptName(concept, "en")} within 5 m of ${name}`;
}

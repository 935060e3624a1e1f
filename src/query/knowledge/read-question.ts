import { FACT_PROPERTIES, type FactProperty } from "../../knowledge/fact-properties.ts";
import { KIND_WORDS } from "../../knowledge/names.ts";
import { parseQuantity } from "../../knowledge/parse-quantity.ts";
import { asksIn } from "./asks.ts";
import { comparativeIn, superlativeIn } from "./degrees.ts";
import { conceptIn, isOfConcept } from "./kinds-asked.ts";
import { countriesIn, foldMessage, type LandmarkNames, type Mention, type NamedLandmark } from "./landmark-names.ts";
import { mayBeCalled } from "./name-kinds.ts";
import { degreeOfThese, isOfThese } from "./of-these.ts";
import type { KnowledgeQuestion } from "./question-schema.ts";
import { longerNames, properNames, QUESTION_WORDS, restOf } from "./question-words.ts";
import { placeAfter, unexplainedAround } from "./unexplained-names.ts";

/** Kinds of which the knowledge must hold this many before a question without a place is one to it and no search. */
const LEAST_OF_KIND = 5;

/** What no imagery shows: a question for the most of it is one to the knowledge, though little of it is recorded. */
const ONLY_RECORDED: ReadonlySet<FactProperty> = new Set(["throughput", "seats", "population", "power", "depth"]);

const INTERROGATIVE =
  /[??]|\b(who|whom|whose|what|whats|which|when|where|how|why|is|are|was|were|does|do|did|can|has|have|tell|describe|name|give|explain|list|compare|know)\b|谁|哪|什么|何|几|多(?:高|长|大|深|宽|远|少|久)|吗|呢|是否|介绍|描述|告诉|说说|讲讲|比较|列出|请问|是不是/u;
const IDENTITY =
  /\b(what|who)( s| is| are| was| were|s)? (a |an |the )?it\b|\b(tell|inform|teach)\b.*\babout\b|\bdescribe\b|\bwhat do you know\b|\bsummar\w+\b|\boverview\b|\b(information|details|facts|background|history|something) (on|about|of)\b|\bintroduce\b|\bwhat (kind|sort|type) of\b|\bexplain what\b|介绍|描述|是什么|是啥|什么是|说说|讲讲|简介|了解|概况|哪类|什么类型|告诉我.*(关于|情况)/u;
const DISTANCE = /\bhow far\b|\bdistance\b|\bhow (near|close)\b|\bnearest\b|\bclosest\b|多远|距离|相距|最近的|离.*近/u;
const RADIUS =
  /(?:within|inside|in a radius of|less than|closer than)\s+(?:a radius of\s+|about\s+)?(\d[\d,. ]*\s?(?:kilomet\w+|km|met\w+|m|miles?|mi))\b|(\d[\d.,]*\s?(?:公里|千米|米|英里))(?:之内|以内|内|范围|方圆|半径)|方圆(\d[\d.,]*\s?(?:公里|千米|米))/iu;
const COUNT = /\bhow many\b|\bnumber of\b|\bcount\b|多少(?:个|座|条|处|家)|几(?:个|座|条|处|家)/u;
const LIST = /\b(which|what|list|name|are there|show|any)\b|哪些|有哪|列出|哪(?:几|一)?(?:个|座|条)|有什么/u;
const PRONOUN =
  /\b(it|its|there|this|that|they|them|their|these|those|he|one)\b|\bthe (same|former|latter|place|site|building|structure|facility)\b|它|这(?:里|个|座|条|儿)?|那(?:里|个|座|条|儿|么)?|该|其|此/u;
const ELLIPSIS = /^(and|also|so|ok|okay|but|then|what about|how about|plus)\b|呢[??]*$|^(那|还有|另外|然后|以及)/u;

/**
 * Reads a message as a question to the landmark knowledge: what is asked, and of which landmarks. Null for a message that is
 * none: one that asks nothing, and one whose words belong to a search.
 *
 * @param focus ids of the landmarks that the conversation was about last, best first
 */
export function readKnowledgeQuestion(
  message: string,
  names: LandmarkNames,
  focus: readonly string[],
): KnowledgeQuestion | null {
  const folded = foldMessage(message);
  const lower = message.normalize("NFKC").toLowerCase();
  if (!INTERROGATIVE.test(lower) && !INTERROGATIVE.test(folded)) {
    if (focus.length === 0 || !ELLIPSIS.test(folded)) return null;
  }
  const countries = countriesIn(message);
  const radius = radiusOf(lower);
  const found = names
    .mentions(folded)
    .filter((mention) => isName(mention, message))
    .map((mention) => narrowed(mention, folded));
  // "Santiago Calatrava" is nobody's city.
  const people = longerNames(message, found).filter((name) => names.holding(name).length > 0);
  const mentions = found.filter(({ text }) => !people.some((name) => ` ${foldMessage(name)} `.includes(` ${text} `)));
  const without = withoutMentions(folded, mentions);
  const concept = conceptIn(without);
  const asks = asksIn(without);
  const asked = asks
    .flatMap(({ properties }) => properties)
    .filter((one): one is FactProperty => one in FACT_PROPERTIES);
  const superlative = superlativeIn(without, asked);
  // "the longest bridge in Panama": a name that is a place of the kind asked for filters, it is not asked about.
  const isCountry = (mention: Mention) =>
    countries.some(({ start, end }) => start <= mention.start + 4 && mention.end <= end);
  const asksKind =
    concept !== null &&
    (superlative !== null ||
      COUNT.test(lower) ||
      (LIST.test(lower) && asks.every(({ topic }) => topic !== "location")));
  const ofKind = mentions.filter(
    ({ landmarks }) => !(asksKind && landmarks.every(({ concept: own }) => own === "city" || own === "town")),
  );
  let chosen =
    asksKind || (mentions.length > 1 && countries.length > 0)
      ? ofKind.filter((mention) => !isCountry(mention) || mention.landmarks.some(({ concept: own }) => own === concept))
      : mentions;
  const base: KnowledgeQuestion = {
    form: "fact",
    asks: asks.map(({ topic, properties }) => ({ topic, properties: [...properties] })),
    named: [],
    isFollowUp: false,
    degree: null,
    concept,
    countries: [
      ...new Set(
        countries
          .filter(({ start, end }) => !chosen.some((mention) => mention.start < end && start < mention.end))
          .map(({ code }) => code),
      ),
    ],
    radiusM: radius,
    value: null,
    unknown: null,
    place: null,
    rest: [],
  };
  let partial: readonly { readonly text: string; readonly landmarks: readonly NamedLandmark[] }[] = [];
  let unknown: string | null = null;
  let value: string | null = null;
  const isKindAsked = LIST.test(lower) && (concept !== null || /\bwhat\b|\bwhich\b|哪|什么/.test(lower));
  // Proper names that are no whole name: a shortened one, or one that nobody has.
  for (const name of properNames(message, folded, mentions)) {
    if (countries.length > 0 && countriesIn(name).length > 0 && countriesIn(name)[0]?.end === foldMessage(name).length)
      continue;
    const found = names.shortened(name);
    if (found.length > 0) partial = [...partial, { text: name, landmarks: found }];
    else if (chosen.length === 0 && isKindAsked && names.holding(name).length > 0) value ??= name;
    else if (chosen.length === 0) unknown ??= name;
  }
  if (chosen.length === 0 && partial.length === 0 && unknown === null && concept === null) {
    const words = restOf(without, asks.length > 0).join(" ");
    const found = words === "" ? [] : names.shortened(words);
    if (found.length > 0) partial = [{ text: words, landmarks: found }];
  }
  if (chosen.length === 0 && partial.length === 0 && unknown === null && concept !== null && !superlative) {
    // "zurich airport": the kind belongs to the name.
    const words = folded
      .split(" ")
      .filter((word) => KIND_WORDS.has(word) || !QUESTION_WORDS.has(word))
      .join(" ");
    const found = names.shortened(words);
    if (found.length > 0) partial = [{ text: words, landmarks: found }];
  }
  chosen = chosen.filter(({ landmarks }) => landmarks.length > 0);
  const named = [
    ...chosen.map(({ text, landmarks }) => ({ text, landmarks, isWhole: true })),
    ...partial.map(({ text, landmarks }) => ({ text, landmarks, isWhole: false })),
  ];
  for (const mention of chosen) unknown ??= unexplainedAround(mention, message, folded, mentions);
  const rest = restOf(without, true);
  const [only] = chosen;
  const place = chosen.length === 1 && only && mentions.length === 1 ? placeAfter(only, message, folded) : null;
  const ids = named.map(({ text, landmarks, isWhole }) => ({
    text,
    landmarks: landmarks.map(({ id }) => id),
    isWhole,
  }));
  const whole = { ...base, named: ids, unknown, value, place, rest };

  if (value !== null && named.length === 0 && unknown === null)
    return {
      ...whole,
      form: COUNT.test(lower) ? "count" : superlative && concept !== null ? "superlative" : "list",
      degree: superlative && { direction: superlative.direction, properties: [...superlative.properties] },
    };
  if (
    radius !== null &&
    (named.length > 0 || PRONOUN.test(lower) || /here|view|landmark|这里|附近|地标/.test(lower)) &&
    (concept !== null || /landmark|place|地标|地方/.test(lower))
  )
    return { ...whole, form: "nearby", concept: concept === "landmark" ? null : concept };
  if (
    DISTANCE.test(lower) &&
    (named.length >= 2 || (named.length === 1 && concept !== null && !superlativeOther(without)))
  )
    return { ...whole, form: "distance" };
  const among =
    named.length === 0 && unknown === null && countries.length === 0 ? ofFocus(lower, concept, names, focus) : null;
  if (among) return { ...whole, ...among };
  if (superlative && named.length < 2 && !isOfThese(lower)) {
    const isOfKind = concept !== null || /landmark|地标/.test(lower);
    if (
      isOfKind &&
      (countries.length > 0 ||
        isEnough(names, concept, superlative.properties) ||
        (asked.some((property) => ONLY_RECORDED.has(property)) && names.all.some((one) => one.concept === concept))) &&
      (named.length === 0 || named.every(({ landmarks }) => landmarks.every(({ concept: own }) => own === "city")))
    )
      return {
        ...whole,
        form: "superlative",
        degree: { direction: superlative.direction, properties: [...superlative.properties] },
        unknown: unknown,
      };
  }
  if (named.length >= 2) {
    const degree = comparativeIn(without, asked);
    const asksBoth = /\bcompare\b|\bcomparison\b|\bdifference\b|\bversus\b|\bvs\b|比较|对比|区别|差别|相比/.test(lower);
    if (degree || asksBoth)
      return {
        ...whole,
        form: "compare",
        degree: degree && { direction: degree.direction, properties: [...degree.properties] },
      };
  }
  if (named.length > 0) {
    if (asks.length > 0) return { ...whole, form: "fact" };
    if (IDENTITY.test(without) || IDENTITY.test(lower) || (rest.length === 0 && ELLIPSIS.test(folded)))
      return { ...whole, form: "identity" };
    return { ...whole, form: "passage" };
  }
  if (concept !== null && unknown === null && (countries.length > 0 || rest.length > 0) && names.size > 0) {
    const held = countries.length > 0 && names.all.some((one) => one.concept === concept);
    if (held && COUNT.test(lower)) return { ...whole, form: "count" };
    if (held && LIST.test(lower) && !asks.some(({ topic }) => topic === "country")) return { ...whole, form: "list" };
  }
  if (unknown !== null && (asks.length > 0 || IDENTITY.test(lower)))
    return { ...whole, form: asks.length > 0 ? "fact" : "identity" };
  const pointsBack = PRONOUN.test(lower) || ELLIPSIS.test(folded) || (asks.length > 0 && rest.length === 0);
  if (focus.length > 0 && pointsBack && unknown === null) {
    const held = focus.flatMap((id) => names.get(id) ?? []);
    const ofConcept =
      concept === null ? held : held.filter((one) => isOfConcept(one, concept) || mayBeCalled(concept, one));
    // "who runs the terminal?" after talk of a dam asks of another thing; "what river does it cross?" does not.
    const meant = ofConcept.length > 0 || !/\b(it|its)\b|它|其/.test(lower) ? ofConcept : held;
    const [last] = meant;
    if (last && (asks.length > 0 || IDENTITY.test(lower) || rest.length > 0))
      return {
        ...whole,
        form: asks.length > 0 ? "fact" : IDENTITY.test(lower) ? "identity" : "passage",
        named: [{ text: last.name, landmarks: [last.id], isWhole: true }],
        isFollowUp: true,
      };
  }
  return null;
}

function superlativeOther(words: string): boolean {
  return /\b(tall|high|long|larg|bigg|old|new|deep|wid)e?st\b|最(高|长|大|老|早|新|深|宽)/.test(words);
}

/** "Which of these is oldest?" after an answer about several: those of the kind named, where it names one. */
function ofFocus(lower: string, concept: string | null, names: LandmarkNames, focus: readonly string[]) {
  if (focus.length < (isOfThese(lower) ? 1 : 2)) return null;
  const degree = degreeOfThese(lower);
  if (!degree || (concept !== null && !isOfThese(lower))) return null;
  const held = focus.flatMap((id) => names.get(id) ?? []);
  const ofConcept = concept === null ? held : held.filter((one) => isOfConcept(one, concept));
  const meant = ofConcept.length >= 2 ? ofConcept : held;
  if (meant.length === 0) return null;
  return {
    form: "among" as const,
    named: meant.map(({ id, name }) => ({ text: name, landmarks: [id], isWhole: true })),
    isFollowUp: true,
    degree: { direction: degree.direction, properties: [...degree.properties] },
  };
}

function isEnough(names: LandmarkNames, concept: string | null, properties: readonly FactProperty[]): boolean {
  if (concept === null) return false;
  let count = 0;
  for (const one of names.all)
    if (isOfConcept(one, concept) && properties.some((property) => one.properties.has(property))) count += 1;
  return count >= LEAST_OF_KIND;
}

/** Several landmarks of one name: the kind word beside the name tells which. */
function narrowed(mention: Mention, folded: string): Mention {
  if (mention.landmarks.length < 2) return mention;
  const after = folded.slice(mention.end).trim().split(" ")[0] ?? "";
  const before = folded.slice(0, mention.start).trim().split(" ").slice(-2);
  const kinds = [after, before.at(-1) === "of" ? (before[0] ?? "") : ""].filter(
    (word) => KIND_WORDS.has(word) && word !== "of",
  );
  const fitting = mention.landmarks.filter((landmark) =>
    kinds.every((word) => mayBeCalled(word, landmark) && landmark.concept !== null),
  );
  return kinds.length > 0 && fitting.length > 0 ? { ...mention, landmarks: fitting } : mention;
}

/** One common word is a name only where it is written like one. */
function isName(mention: Mention, message: string): boolean {
  if (/\p{Script=Han}/u.test(mention.text)) return true;
  const words = mention.text.split(" ");
  // "the container terminal", where one landmark is called so.
  if (words.length > 1 && mention.landmarks.length === 1) return true;
  if (words.length > 1 && !words.every((word) => QUESTION_WORDS.has(word) || KIND_WORDS.has(word))) return true;
  const escaped = mention.text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/ /g, "[\\s.'’-]+");
  const written = new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, "iu").exec(
    message.normalize("NFKD").replace(/\p{M}/gu, ""),
  )?.[0];
  const isCapital = written !== undefined && /^[\p{Lu}\p{N}]/u.test(written) && message.indexOf(written) !== 0;
  if (isCapital) return true;
  return words.every((word) => !QUESTION_WORDS.has(word) && !KIND_WORDS.has(word) && word.length > 3);
}

function withoutMentions(folded: string, mentions: readonly Mention[]): string {
  let out = "";
  let at = 0;
  for (const { start, end, text } of mentions) {
    out += `${folded.slice(at, start)}${/\p{Script=Han}/u.test(text) ? "它" : " it "}`;
    at = end;
  }
  return (out + folded.slice(at)).replace(/ +/g, " ").trim();
}

function radiusOf(lower: string): number | null {
  const match = RADIUS.exec(lower);
  const value = match ? parseQuantity((match[1] ?? match[2] ?? match[3] ?? "").trim()) : null;
  return value?.unit === "m" && value.value > 0 ? value.value : null;
}

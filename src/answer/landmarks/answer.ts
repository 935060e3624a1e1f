import { propertyOf } from "../../knowledge/fact-properties.ts";
import { asksIn } from "../../query/knowledge/asks.ts";
import type { LandmarkNames, NamedLandmark } from "../../query/knowledge/landmark-names.ts";
import { countriesIn, foldMessage } from "../../query/knowledge/landmark-names.ts";
import type { KnowledgeQuestion } from "../../query/knowledge/question-schema.ts";
import { restOf } from "../../query/knowledge/question-words.ts";
import type { RetrievalContext } from "../../retrieval/context.ts";
import {
  hasAsked,
  kilometresApart,
  type RetrievedLandmark,
  retrieveLandmarks,
} from "../../retrieval/knowledge/retrieve.ts";
import type { KnowledgeStore, Landmark } from "../../store/ports.ts";
import type { TurnRecord } from "../../turn/stages.ts";
import { CitedText } from "../cited-text.ts";
import type { QuestionAnswer } from "../questions/question.ts";
import { type Language, list, plain, say } from "../words.ts";
import { chooseNamed, recorded } from "./choose.ts";
import { factSource, propertyName, recordSource, sentenceSource, sentencesOf } from "./cite.ts";
import { writeComparison } from "./compare.ts";
import { writeListed, writeMostOfNamed, writeSuperlative } from "./of-kind.ts";
import { passageAnswer } from "./passages.ts";
import {
  askedWords,
  countryAfterIn,
  factSentence,
  kindWords,
  landmarkLabel,
  nameIn,
  positionWords,
  recordedWords,
} from "./wording.ts";

/** What the writers of landmark answers read. */
export interface LandmarkDesk {
  readonly message: string;
  readonly language: Language;
  readonly question: KnowledgeQuestion;
  readonly store: KnowledgeStore;
  readonly names: LandmarkNames;
  /** Landmarks that the message may be about, best first. */
  readonly retrieved: readonly RetrievedLandmark[];
  /** Longitude and latitude that the conversation is about, or null. */
  readonly focus: readonly [number, number] | null;
}

/** Sentences of an answer to "what is …". */
const IDENTITY_SENTENCES = 2;

/** Answers a question that was read as one to the landmark knowledge. Every claim is a typed fact or a cited sentence. */
export function answerLandmarkQuestion(
  message: string,
  question: KnowledgeQuestion,
  language: Language,
  context: RetrievalContext,
  focus: readonly [number, number] | null,
): QuestionAnswer {
  const names = context.gazetteer.landmarks as LandmarkNames;
  const store = context.workspace.knowledge;
  const retrieved = retrieveLandmarks(
    { text: message, question, store, names, vector: context.textVector(message), focus },
    60,
  );
  const desk: LandmarkDesk = { message, language, question, store, names, retrieved, focus };
  if (question.unknown !== null) return refuseName(desk, question.unknown);
  switch (question.form) {
    case "superlative":
      return writeSuperlative(desk);
    case "among":
      return writeMostOfNamed(desk);
    case "list":
    case "count":
    case "nearby":
      return writeListed(desk);
    case "compare":
      return withLandmarks(desk, (landmarks) => writeComparison(desk, landmarks));
    case "distance":
      return withLandmarks(desk, (landmarks) => writeDistance(desk, landmarks));
    case "identity":
      return withLandmarks(desk, ([landmark]) => writeIdentity(desk, landmark as Landmark));
    case "passage":
      return withLandmarks(
        desk,
        ([landmark]) => passageAnswer(desk, landmark as Landmark) ?? refuseFact(desk, landmark as Landmark, null),
      );
    case "fact":
      return withLandmarks(desk, (landmarks) => writeFacts(desk, landmarks));
  }
}

/** Longitude and latitude that a conversation is about: its first result, its map view, or the landmark it spoke of last. */
export function focusOf(
  { previous, dialogue }: TurnRecord,
  { gazetteer }: RetrievalContext,
): readonly [number, number] | null {
  const box = previous?.regions[0]?.bbox ?? dialogue.viewport;
  if (box) return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  for (const id of dialogue.landmarks ?? []) {
    const point = gazetteer.landmarks?.get(id)?.point;
    if (point) return point;
  }
  return null;
}

/**
 * Answers what is asked of the landmarks at a result: the first of them that has the fact, or what they are.
 * Null where none of them is known.
 */
export function answerAtRegion(
  message: string,
  landmarks: readonly Landmark[],
  language: Language,
  context: RetrievalContext,
): QuestionAnswer | null {
  const names = context.gazetteer.landmarks;
  const [first] = landmarks;
  if (!names || !first) return null;
  const folded = foldMessage(message);
  const asks = asksIn(folded);
  const question: KnowledgeQuestion = {
    form: asks.length > 0 ? "fact" : "identity",
    asks: asks.map(({ topic, properties }) => ({ topic, properties: [...properties] })),
    named: [],
    isFollowUp: true,
    degree: null,
    concept: null,
    countries: [],
    radiusM: null,
    value: null,
    unknown: null,
    place: null,
    rest: restOf(folded, true),
  };
  const desk: LandmarkDesk = {
    message,
    language,
    question,
    store: context.workspace.knowledge,
    names,
    retrieved: [],
    focus: null,
  };
  if (asks.length === 0)
    return (question.rest.length > 0 ? passageAnswer(desk, first) : null) ?? writeIdentity(desk, first);
  const knowing = landmarks.find((landmark) =>
    asks.some(({ properties }) => properties.some((asked) => hasAsked(names.get(landmark.id) as NamedLandmark, asked))),
  );
  return writeFacts(desk, [knowing ?? first]);
}

/** The landmarks that the names stand for, or the refusal of the first that cannot be settled. */
function withLandmarks(desk: LandmarkDesk, write: (landmarks: readonly Landmark[]) => QuestionAnswer): QuestionAnswer {
  const { question, names, retrieved, store, focus } = desk;
  const chosen: Landmark[] = [];
  const asks =
    question.form === "fact"
      ? question.asks
      : question.degree
        ? [{ topic: "kind" as const, properties: question.degree.properties }]
        : [];
  for (const { text, landmarks } of question.named) {
    const choice = chooseNamed(landmarks, asks, names, retrieved, focus);
    if (choice.kind === "none") return refuseName(desk, text);
    if (choice.kind === "several") return askWhich(desk, text, choice.landmarks);
    const landmark = store.landmark(choice.landmark.id);
    if (landmark && question.place !== null && !isSaidToBe(desk, landmark, question.place))
      return refuseName(desk, `${text} in ${question.place}`);
    if (landmark && !chosen.some(({ id }) => id === landmark.id)) chosen.push(landmark);
  }
  return chosen.length > 0 ? write(chosen) : refuseName(desk, question.named[0]?.text ?? desk.message);
}

/** Whether anything that is known of a landmark names the place: its names, facts, country or text. */
function isSaidToBe({ store, names }: LandmarkDesk, landmark: Landmark, place: string): boolean {
  const known = [
    landmark.name,
    ...landmark.aliases,
    ...landmark.facts.map(({ value }) => value),
    ...store.passages(landmark.id).map(({ text }) => text),
    ...(names.get(landmark.id)?.placeWords ?? []),
  ];
  const folded = foldMessage(known.join(" . "));
  if (countriesIn(place).some(({ code }) => names.get(landmark.id)?.countries.has(code))) return true;
  return place.split(" ").every((word) => ` ${folded} `.includes(` ${word} `));
}

function writeFacts(desk: LandmarkDesk, landmarks: readonly Landmark[]): QuestionAnswer {
  const { question, language } = desk;
  const text = new CitedText();
  let missing: KnowledgeQuestion["asks"][number] | null = null;
  let written = 0;
  for (const landmark of mainOnly(desk, landmarks)) {
    for (const ask of question.asks) {
      if (text.text !== "") text.add(say(language, " ", ""));
      if (writeAsk(text, landmark, ask, desk)) written += 1;
      else missing ??= ask;
    }
  }
  const [first] = landmarks as readonly [Landmark];
  if (written === 0) {
    // The words may still be those of a sentence of it.
    const prose = missing && question.rest.length > 0 ? passageAnswer(desk, first) : null;
    return prose ?? refuseFact(desk, first, missing);
  }
  if (missing !== null) {
    text.add(
      say(
        language,
        ` The ${askedWords(missing.topic, language)} is not recorded.`,
        `知识库未记录其${askedWords(missing.topic, language)}。`,
      ),
    );
  }
  return { outcome: "answer", text };
}

/** "The Golden Gate Bridge in San Francisco": a city named beside the thing asked about is where it is. */
function mainOnly({ question }: LandmarkDesk, landmarks: readonly Landmark[]): readonly Landmark[] {
  if (landmarks.length < 2) return landmarks;
  const others = landmarks.filter(({ concept }) => concept !== "city" && concept !== "town");
  const asksPeople = question.asks.some(({ topic }) => topic === "population");
  if (others.length > 0 && others.length < landmarks.length && !asksPeople) return others;
  return landmarks;
}

function writeAsk(
  text: CitedText,
  landmark: Landmark,
  ask: KnowledgeQuestion["asks"][number],
  desk: LandmarkDesk,
): boolean {
  const { language, store, names } = desk;
  const name = nameIn(landmark, language);
  const stop = say(language, ".", "。");
  const country = countryAfterIn(landmark, language);
  const point = names.get(landmark.id)?.point ?? null;
  switch (ask.topic) {
    case "country":
      if (country === "") return false;
      text
        .add(say(language, `${name} is in ${country}`, `${name}位于${country}`), recordSource(landmark, store))
        .add(stop);
      return true;
    case "coordinates":
      if (!point) return false;
      text
        .add(
          say(language, `${name} lies at ${positionWords(point)}`, `${name}位于 ${positionWords(point)}`),
          recordSource(landmark, store),
        )
        .add(stop);
      return true;
    case "location": {
      const places = [
        recorded(landmark, ["city"])?.fact.value,
        recorded(landmark, ["region"])?.fact.value,
        country,
      ].flatMap((place) => (place ? [plain(place)] : []));
      if (places.length === 0 && !point) return false;
      const where = [...new Set(places)].join(say(language, ", ", "、"));
      const at = point ? positionWords(point) : "";
      text.add(
        say(
          language,
          where === "" ? `${name} lies at ${at}` : `${name} is in ${where}${at === "" ? "" : ` (${at})`}`,
          where === "" ? `${name}位于 ${at}` : `${name}位于${where}${at === "" ? "" : `(${at})`}`,
        ),
        recordSource(landmark, store),
      );
      const address = recorded(landmark, ["address"]);
      if (address) text.add(say(language, `, ${plain(address.fact.value)}`, `,${plain(address.fact.value)}`));
      text.add(stop);
      return true;
    }
    default: {
      const found = recorded(landmark, ask.properties);
      if (!found) return writeUnread(text, landmark, ask.properties, desk);
      const source = factSource(landmark, found.fact, found.property, store) ?? recordSource(landmark, store);
      text.add(factSentence(landmark, found.property, found.fact, found.value, language), source).add(stop);
      return true;
    }
  }
}

/** A fact whose value cannot be read as what its property must be, as its source gives it. */
function writeUnread(
  text: CitedText,
  landmark: Landmark,
  properties: readonly string[],
  { language, store }: LandmarkDesk,
): boolean {
  const fact = landmark.facts.find(({ key }) => properties.includes(propertyOf(key)?.property ?? ""));
  const property = fact && propertyOf(fact.key)?.property;
  if (!fact || !property) return false;
  const name = nameIn(landmark, language);
  const word = propertyName(property, language);
  const raw = plain(fact.value);
  text
    .add(
      say(language, `The ${word} of ${name} is given as “${raw}”`, `${name}的${word}记录为“${raw}”`),
      factSource(landmark, fact, property, store) ?? recordSource(landmark, store),
    )
    .add(say(language, ".", "。"));
  return true;
}

function writeIdentity(desk: LandmarkDesk, landmark: Landmark): QuestionAnswer {
  const { language, store } = desk;
  const text = new CitedText();
  const sentences = sentencesOf(store.passages(landmark.id)).filter(
    ({ text: words, passage }) => passage.language === language && !words.startsWith(`${landmark.name}: `),
  );
  for (const sentence of sentences.slice(0, IDENTITY_SENTENCES))
    text.add(text.text === "" ? "" : " ").add(plain(sentence.text), sentenceSource(sentence, landmark));
  if (sentences.length > 0) return { outcome: "answer", text };
  // Nothing is written of it in the reader's language: what is recorded, in words.
  const name = nameIn(landmark, language);
  const kind = kindWords(landmark, language) ?? say(language, "place", "地点");
  const country = countryAfterIn(landmark, language);
  text.add(
    say(
      language,
      `${name} is ${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}${country === "" ? "" : ` in ${country}`}`,
      `${name}是${country === "" ? "" : `位于${country}的`}${kind}`,
    ),
    recordSource(landmark, store),
  );
  text.add(say(language, ".", "。"));
  for (const properties of IDENTITY_FACTS) {
    const found = recorded(landmark, properties);
    if (!found) continue;
    text
      .add(say(language, " ", ""))
      .add(
        factSentence(landmark, found.property, found.fact, found.value, language),
        factSource(landmark, found.fact, found.property, store) ?? recordSource(landmark, store),
      )
      .add(say(language, ".", "。"));
  }
  return { outcome: "answer", text };
}
const IDENTITY_FACTS: readonly (readonly string[])[] = [
  ["opened", "completed", "built", "founded"],
  ["height", "elevation", "length", "area"],
  ["power", "seats", "capacity", "population"],
  ["operator", "owner"],
];

function writeDistance(desk: LandmarkDesk, landmarks: readonly Landmark[]): QuestionAnswer {
  const { language, names, question, store } = desk;
  const [from, given] = landmarks as readonly [Landmark, Landmark | undefined];
  const start = names.get(from.id)?.point;
  const nearest =
    given === undefined && start && question.concept
      ? names.all
          .filter((one) => one.concept === question.concept && one.id !== from.id && one.point)
          .sort(
            (a, b) =>
              kilometresApart(start, a.point as [number, number]) - kilometresApart(start, b.point as [number, number]),
          )[0]
      : undefined;
  const to = given ?? (nearest ? store.landmark(nearest.id) : null);
  const end = to ? names.get(to.id)?.point : null;
  if (!to || !start || !end) return refuseFact(desk, from, { topic: "coordinates", properties: ["coordinates"] });
  const km = kilometresApart(start, end);
  const words = km < 10 ? km.toFixed(1) : Math.round(km).toLocaleString("en-US");
  const text = new CitedText();
  text.add(
    say(
      language,
      `${nameIn(from, language)} is about ${words} km from ${nameIn(to, language)} in a straight line between their recorded positions`,
      `${nameIn(from, language)}与${nameIn(to, language)}的记录位置直线距离约 ${words} 公里`,
    ),
    recordSource(from, store),
  );
  text.add("", recordSource(to, store)).add(say(language, ".", "。"));
  return { outcome: "answer", text };
}

/** No landmark has the name; those that are spelt alike are offered. */
export function refuseName({ names, language }: LandmarkDesk, name: string): QuestionAnswer {
  const near = names.similar(name, 3).map((one) => one.name);
  const quoted = plain(name);
  return {
    outcome: "not_covered",
    text: new CitedText().add(
      say(
        language,
        `The knowledge of this workspace holds no landmark called “${quoted}”.${near.length > 0 ? ` Did you mean ${list(near.map(plain), language).replace(/ and (?=[^,]*$)/, " or ")}?` : " Landmarks can be added with ingest --knowledge."}`,
        `该工作区的知识库中没有名为“${quoted}”的地标。${near.length > 0 ? `您是指${near.map(plain).join("、")}吗?` : "可以用 ingest --knowledge 添加地标。"}`,
      ),
    ),
  };
}

/** The landmark is known, and what was asked of it is not recorded. */
export function refuseFact(
  { language, store }: LandmarkDesk,
  landmark: Landmark,
  ask: KnowledgeQuestion["asks"][number] | null,
): QuestionAnswer {
  const name = nameIn(landmark, language);
  const held = recordedWords(landmark, language).slice(0, 8);
  const what = ask ? askedWords(ask.topic, language) : say(language, "answer to that", "该问题的答案");
  const text = new CitedText();
  text.add(
    say(
      language,
      `The knowledge of this workspace records no ${what} ${ask ? "of" : "about"} ${name}`,
      `该工作区的知识库没有记录${name}的${what}`,
    ),
    recordSource(landmark, store),
  );
  text.add(say(language, ".", "。"));
  if (held.length > 0)
    text.add(say(language, ` It does record: ${list(held, language)}.`, `已记录:${list(held, language)}。`));
  return { outcome: "not_covered", text };
}

function askWhich(
  { language, store }: LandmarkDesk,
  name: string,
  landmarks: readonly NamedLandmark[],
): QuestionAnswer {
  const labels = landmarks.slice(0, 5).flatMap(({ id }) => {
    const landmark = store.landmark(id);
    return landmark ? [landmarkLabel(landmark, language)] : [];
  });
  return {
    outcome: "cannot_decide",
    text: new CitedText().add(
      say(
        language,
        `“${plain(name)}” is the name of several: ${labels.join("; ")}. Which one do you mean?`,
        `“${plain(name)}”有多个同名地点:${labels.join(";")}。您指的是哪一个?`,
      ),
    ),
  };
}

import { asksIn } from "../../query/knowledge/asks.ts";
import type { LandmarkNames, NamedLandmark } from "../../query/knowledge/landmark-names.ts";
import { countriesIn, foldMessage } from "../../query/knowledge/landmark-names.ts";
import type { KnowledgeQuestion } from "../../query/knowledge/question-schema.ts";
import { restOf } from "../../query/knowledge/question-words.ts";
import type { RetrievalContext } from "../../retrieval/context.ts";
import { hasAsked, kilometresApart, retrieveLandmarks, type TextVector } from "../../retrieval/knowledge/retrieve.ts";
import { finestRegionVector } from "../../retrieval/likeness.ts";
import type { Outline } from "../../retrieval/planar.ts";
import { imageSpace } from "../../retrieval/vector-space.ts";
import type { Landmark } from "../../store/ports.ts";
import type { TurnRecord } from "../../turn/stages.ts";
import { CitedText } from "../cited-text.ts";
import type { QuestionAnswer } from "../questions/question.ts";
import type { Region } from "../reply.ts";
import { type Language, plain, say } from "../words.ts";
import { chooseNamed, recorded } from "./choose.ts";
import { factSource, recordSource, sentenceSource, sentencesOf } from "./cite.ts";
import { writeComparison } from "./compare.ts";
import type { LandmarkDesk } from "./desk.ts";
import { writeFacts } from "./facts.ts";
import { writeListed, writeMostOfNamed, writeSuperlative } from "./of-kind.ts";
import { passageAnswer } from "./passages.ts";
import { askWhich, refuseFact, refuseName } from "./refusals.ts";
import { countryAfterIn, factSentence, kindWords, nameIn } from "./wording.ts";

/** Sentences of an answer to "what is …". */
const IDENTITY_SENTENCES = 2;

/**
 * Answers a question that was read as one to the landmark knowledge. Every claim is a typed fact or a cited sentence.
 *
 * @param region the result that the message points at, if any
 */
export function answerLandmarkQuestion(
  message: string,
  question: KnowledgeQuestion,
  language: Language,
  context: RetrievalContext,
  focus: readonly [number, number] | null,
  region: Region | null = null,
): QuestionAnswer {
  const names = context.gazetteer.landmarks as LandmarkNames;
  const store = context.workspace.knowledge;
  const [vector, chip] = [context.textVector(message), region && pictureOf(region, context)];
  const retrieved = retrieveLandmarks({ text: message, question, store, names, vector, chip, focus }, 60);
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

/** How a result looks on the newest imagery, to be compared with the pictures of landmarks. */
function pictureOf(region: Region, { workspace, encoder, dates }: RetrievalContext): TextVector | null {
  const outline = workspace.crs.geometryFromWgs84(region.geometry) as Outline;
  const found = finestRegionVector(outline, imageSpace(encoder.id, dates.at(-1) ?? null), workspace.tiles);
  return found && { encoder: encoder.id, vector: found.vector };
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

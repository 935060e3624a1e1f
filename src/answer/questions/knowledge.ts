import type { Fact, Landmark, Passage } from "../../store/ports.ts";
import { CitedText } from "../cited-text.ts";
import { capitalised, type Language, list, plain, say } from "../words.ts";
import { landmarksAsked } from "./landmarks-asked.ts";
import type { QuestionAnswer, QuestionInput } from "./question.ts";

/** Keys of typed facts that answer a topic, best first. */
const FACT_KEYS: Readonly<Record<string, readonly string[]>> = {
  operator: ["operator", "operated_by", "owner", "manager", "company"],
  built: ["built", "opened", "completed", "construction", "start_date", "year"],
  opened: ["opened", "built", "completed", "start_date", "year"],
  capacity: ["capacity", "annual_capacity", "annual_teu", "seats", "teu", "power", "output"],
  height: ["height", "elevation"],
  population: ["population", "inhabitants"],
  area: ["area", "size"],
};

/** Words that carry no meaning for choosing a sentence. */
const STOP_WORDS = new Set(
  "a an and are at by did do does for from has have how in is it its of on or since that the there these this to was were what when where which who whose why with 的 了 是 在 谁 什么 吗 呢".split(
    " ",
  ),
);

/**
 * Answers from the knowledge store: a typed fact of the landmark asked about where the topic names one, else the
 * sentence of its passages that shares most with the question; every claim cites the passage that it stands in.
 */
export function answerFromKnowledge(input: QuestionInput): QuestionAnswer {
  const { record, context } = input;
  const { language } = record.turn;
  const topic = record.turn.question?.topic ?? "other";
  const landmarks = landmarksAsked(input);
  for (const landmark of landmarks) {
    const text = new CitedText();
    if (writeFact(text, landmark, topic, input, language)) return { outcome: "answer", text };
  }
  const [landmark] = landmarks;
  if (landmark && (topic === "identity" || topic === "other" || topic === "nearby")) {
    const text = new CitedText();
    if (writePassages(text, landmark, record.request.message, topic, input)) return { outcome: "answer", text };
  }
  if (landmark) return { outcome: "not_covered", text: unknownFact(landmark, topic, language) };
  const subject = record.turn.question?.subject;
  const best = context.workspace.knowledge.search(record.request.message, 1)[0];
  if (!subject && best && sharedWords(best.passage.text, record.request.message) >= 2) {
    const text = new CitedText();
    if (writePassages(text, best.landmark, record.request.message, topic, input)) return { outcome: "answer", text };
  }
  const what = subject ? `“${plain(subject)}”` : say(language, "that", "这个问题");
  return {
    outcome: "not_covered",
    text: new CitedText().add(
      say(
        language,
        `The knowledge of this workspace says nothing about ${what}. Landmarks can be added with ingest --knowledge.`,
        `该工作区的知识库中没有关于${what}的内容。可以用 ingest --knowledge 添加地标。`,
      ),
    ),
  };
}

function writeFact(
  text: CitedText,
  landmark: Landmark,
  topic: string,
  input: QuestionInput,
  language: Language,
): boolean {
  const fact = factFor(landmark, topic);
  if (!fact) return false;
  const passages = input.context.workspace.knowledge.passages(landmark.id);
  const support = passages.find((passage) => passage.text.includes(fact.value)) ?? passages[0];
  text.add(factSentence(landmark, fact, topic, language), {
    evidence: support?.id ?? `landmark:${landmark.id}`,
    kind: "passage",
    title: landmark.name,
    quote: support ? sentenceWith(support, fact.value) : `${fact.key}: ${fact.value}`,
    source: support?.source ?? landmark.source,
  });
  text.add(say(language, ".", "。"));
  const since = topic === "operator" ? factFor(landmark, "opened") : undefined;
  if (since && /since|when|自|何时|什么时候/i.test(input.record.request.message)) {
    const other = passages.find((passage) => passage.text.includes(since.value)) ?? support;
    text.add(say(language, " ", "")).add(factSentence(landmark, since, "opened", language), {
      evidence: other?.id ?? `landmark:${landmark.id}`,
      kind: "passage",
      title: landmark.name,
      quote: other ? sentenceWith(other, since.value) : `${since.key}: ${since.value}`,
      source: other?.source ?? landmark.source,
    });
    text.add(say(language, ".", "。"));
  }
  return true;
}

function factFor(landmark: Landmark, topic: string): Fact | undefined {
  const keys = FACT_KEYS[topic] ?? [];
  return keys
    .map((key) => landmark.facts.find((fact) => normal(fact.key) === key || normal(fact.key).startsWith(`${key}_`)))
    .find(Boolean);
}

function normal(key: string): string {
  return key
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
}

function factSentence(landmark: Landmark, fact: Fact, topic: string, language: Language): string {
  const name = plain(nameIn(landmark, language));
  const value = plain(fact.value);
  const the = /^the /i.test(name) ? capitalised(name) : name;
  switch (topic) {
    case "operator":
      return say(language, `${the} is operated by ${value}`, `${name}由${value}运营`);
    case "built":
    case "opened":
      return normal(fact.key).startsWith("opened") || normal(fact.key) === "year"
        ? say(language, `${the} opened in ${value}`, `${name}于 ${value} 启用`)
        : say(language, `${the} was built in ${value}`, `${name}建于 ${value}`);
    default:
      return say(
        language,
        `${the} has ${article(fact.key)} of ${value}`,
        `${name}的${fact.key.replaceAll("_", " ")}为 ${value}`,
      );
  }
}

function article(key: string): string {
  const words = normal(key).replaceAll("_", " ");
  return /^[aeiou]/.test(words) ? `an ${words}` : `a ${words}`;
}

/** The alias in the reader's script where there is one, else the name. */
export function nameIn(landmark: Landmark, language: Language): string {
  if (language === "en") return landmark.name;
  return landmark.aliases.find((alias) => /\p{Script=Han}/u.test(alias)) ?? landmark.name;
}

function unknownFact(landmark: Landmark, topic: string, language: Language): CitedText {
  const known = landmark.facts.map(({ key }) => key.replaceAll("_", " "));
  const name = plain(nameIn(landmark, language));
  const rest =
    known.length > 0
      ? say(language, ` It holds: ${list(known, language)}.`, `已有内容:${list(known, language)}。`)
      : "";
  return new CitedText().add(
    say(
      language,
      `The knowledge of this workspace does not give the ${topic === "other" ? "answer" : topic} of ${name}.${rest}`,
      `该工作区的知识库没有给出${name}的相关信息。${rest}`,
    ),
  );
}

/** Up to two sentences of the landmark's passages: for identity the first ones, else those that share most with the question. */
function writePassages(
  text: CitedText,
  landmark: Landmark,
  message: string,
  topic: string,
  input: QuestionInput,
): boolean {
  const passages = input.context.workspace.knowledge.passages(landmark.id);
  const sentences = passages.flatMap((passage) => sentencesOf(passage.text).map((sentence) => ({ passage, sentence })));
  const chosen =
    topic === "other"
      ? sentences
          .map((entry, order) => ({
            ...entry,
            order,
            shared: sharedWords(entry.sentence, withoutName(message, landmark)),
          }))
          .filter(({ shared }) => shared > 0)
          .sort((a, b) => b.shared - a.shared || a.order - b.order)
          .slice(0, 2)
      : sentences.slice(0, 2);
  for (const { passage, sentence } of chosen) {
    text.add(text.text === "" ? "" : " ").add(plain(sentence), {
      evidence: passage.id,
      kind: "passage",
      title: landmark.name,
      quote: sentence,
      source: passage.source,
    });
  }
  return chosen.length > 0;
}

function withoutName(message: string, landmark: Landmark): string {
  return [landmark.name, ...landmark.aliases].reduce(
    (rest, name) => rest.replaceAll(new RegExp(name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "giu"), " "),
    message,
  );
}

function sentenceWith(passage: Passage, value: string): string {
  return sentencesOf(passage.text).find((sentence) => sentence.includes(value)) ?? passage.text;
}

function sentencesOf(text: string): readonly string[] {
  const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });
  return [...segmenter.segment(text)].map(({ segment }) => segment.trim()).filter(Boolean);
}

/** Meaning words of `message` whose first five letters stand in `text`. */
function sharedWords(text: string, message: string): number {
  const stems = (words: string) => {
    const found = new Set<string>();
    for (const { segment, isWordLike } of new Intl.Segmenter("zh", { granularity: "word" }).segment(
      words.toLowerCase(),
    )) {
      if (isWordLike && !STOP_WORDS.has(segment)) found.add(segment.slice(0, 5));
    }
    return found;
  };
  const inText = stems(text);
  return [...stems(message)].filter((stem) => inText.has(stem)).length;
}

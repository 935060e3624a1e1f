import { FACT_PROPERTIES, type FactProperty } from "../../knowledge/fact-properties.ts";
import type { Fact, KnowledgeStore, Landmark, Passage } from "../../store/ports.ts";
import type { Citation } from "../reply.ts";

type Source = Omit<Citation, "marker" | "start" | "end">;

/** A sentence of a passage with its half-open range there. */
export interface Sentence {
  readonly passage: Passage;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });

/** The sentences of a landmark's passages, in order, with where they stand. */
export function sentencesOf(passages: readonly Passage[]): readonly Sentence[] {
  return passages.flatMap((passage) =>
    [...segmenter.segment(passage.text)].flatMap(({ segment, index }): Sentence[] => {
      const text = segment.trim();
      const start = index + segment.indexOf(text);
      return text === "" ? [] : [{ passage, text, start, end: start + text.length }];
    }),
  );
}

export function sentenceSource(sentence: Sentence, landmark: Landmark): Source {
  return {
    evidence: sentence.passage.id,
    kind: "passage",
    title: landmark.name,
    quote: sentence.text,
    quoted: { start: sentence.start, end: sentence.end },
    source: sentence.passage.source,
  };
}

/** Words that a sentence about a property uses, to choose between two that hold the same number. */
const HINTS: Readonly<Partial<Record<FactProperty, RegExp>>> = {
  opened: /open|inaugurat|service|operation|began|start/i,
  completed: /complet|finish|built/i,
  built: /built|construct|begun|erect|raised/i,
  founded: /found|establish/i,
  designated: /unesco|world heritage|list/i,
  operator: /operat|run|manag/i,
  owner: /own/i,
  architect: /design|architect/i,
  height: /high|tall|rise|height/i,
  length: /long|length/i,
  span: /span/i,
  power: /capacity|megawatt|MW/i,
  seats: /seat|hold|spectator|capacity/i,
  area: /cover|area|square|hectare/i,
  elevation: /sea level|elevation|above/i,
  population: /population|people|inhabitant/i,
  units: /turbine|unit|reactor|generator/i,
  runways: /runway/i,
};

/**
 * The passage that a fact rests on: the sentence that holds its value, that of the property's words first; else the record of the
 * landmark ("height_m: 221"); else its first sentence. Null for a landmark about which nothing is written.
 */
export function factSource(
  landmark: Landmark,
  fact: Fact,
  property: FactProperty | null,
  store: KnowledgeStore,
): Source | null {
  const passages = store.passages(landmark.id);
  const record = `${fact.key}: ${fact.value.replace(/\s+/g, " ").slice(0, 300)}`;
  for (const passage of passages) {
    const at = passage.text.indexOf(record);
    if (at >= 0)
      return {
        evidence: passage.id,
        kind: "passage",
        title: landmark.name,
        quote: record,
        quoted: { start: at, end: at + record.length },
        source: passage.source,
      };
  }
  const sentences = sentencesOf(passages);
  const holding = sentences.filter(({ text }) => holds(text, fact.value));
  const hint = property && HINTS[property];
  const sentence = holding.find(({ text }) => hint?.test(text)) ?? holding[0] ?? sentences[0];
  return sentence ? sentenceSource(sentence, landmark) : null;
}

/** Whether a text holds a value as a whole word, numbers with or without their commas. */
function holds(text: string, value: string): boolean {
  const forms = [
    value,
    ...(/^\d{4,}(\.\d+)?$/.test(value) ? [Number(value).toLocaleString("en-US", { maximumFractionDigits: 6 })] : []),
  ];
  return forms.some((form) =>
    new RegExp(
      `(?<![\\p{L}\\p{N}.,])${form.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\p{L}\\p{N}]|[.,]\\d)`,
      "iu",
    ).test(text),
  );
}

/** A citation of a landmark's record as a whole, for its country, kind and position. */
export function recordSource(landmark: Landmark, store: KnowledgeStore): Source {
  const sentences = sentencesOf(store.passages(landmark.id));
  const record = sentences.find(({ text }) => text.startsWith(`${landmark.name}:`)) ?? sentences[0];
  if (record) return sentenceSource(record, landmark);
  return {
    evidence: `landmark:${landmark.id}`,
    kind: "passage",
    title: landmark.name,
    quote: landmark.name,
    source: landmark.source,
  };
}

/** A property's name in words: "height", "opening date"; 高度. */
export function propertyName(property: FactProperty, language: "en" | "zh"): string {
  return FACT_PROPERTIES[property][language];
}

import type { CaptionClause, CaptionLevel } from "../../store/caption.ts";
import { type Language, metres, say } from "../words.ts";

/** A piece of text with what it rests on. */
export interface Phrase {
  readonly text: string;
  readonly evidence: readonly string[];
}

export function phrase(text: string, ...evidence: readonly (readonly string[])[]): Phrase {
  return { text: spaced(text), evidence: [...new Set(evidence.flat())] };
}

/** A space between Chinese characters and digits, none after a closing bracket. */
function spaced(text: string): string {
  return text.replace(/(\p{Script=Han})(\d)/gu, "$1 $2").replace(/） (?=\d)/g, "）");
}

/** Clauses as one level; those without words or evidence are left out. */
export function levelOf(phrases: readonly Phrase[]): CaptionLevel {
  const clauses: CaptionClause[] = phrases
    .filter(({ text, evidence }) => text !== "" && evidence.length > 0)
    .map(({ text, evidence }) => ({ text, evidence: [...evidence] }));
  return { text: clauses.map(({ text }) => text).join(""), clauses };
}

/** Metres under a kilometre, then kilometres with a tenth: "312 m", "2.1 km". */
export function distanceWords(valueM: number, language: Language): string {
  if (valueM < 999.5) return metres(valueM, language);
  return `${(valueM / 1000).toFixed(1)} ${say(language, "km", "公里")}`;
}

/** One of up to four equivalent wordings. */
export function wording(variant: number, ...wordings: readonly string[]): string {
  return wordings[variant % wordings.length] as string;
}

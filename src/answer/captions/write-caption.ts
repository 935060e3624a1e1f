import type { Caption } from "../../store/caption.ts";
import type { Language } from "../words.ts";
import type { CaptionFacts } from "./facts.ts";
import { levelOf } from "./words.ts";
import { chineseLayout, chineseLine, chineseObjects } from "./write-chinese.ts";
import { englishLayout, englishLine, englishObjects } from "./write-english.ts";

/** Wordings that a caption may be written in; the facts said are the same. */
export const CAPTION_VARIANTS = 4;

/**
 * The caption of an area from its facts alone: equal facts, equal caption. Every clause names what it rests on, and every number
 * of a clause is one of its facts, rounded.
 *
 * @param variant 0 to 3 (default 0): chooses among equivalent wordings, for training data with variety
 */
export function writeCaption(facts: CaptionFacts, language: Language, variant: 0 | 1 | 2 | 3 = 0): Caption {
  const [line, objects, layout] =
    language === "zh" ? [chineseLine, chineseObjects, chineseLayout] : [englishLine, englishObjects, englishLayout];
  return {
    line: levelOf(line(facts, variant)),
    objects: levelOf(objects(facts, variant)),
    layout: levelOf(layout(facts, variant)),
    language,
    date: facts.date,
  };
}

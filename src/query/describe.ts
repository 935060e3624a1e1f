import { describeChinese } from "./describe-chinese.ts";
import { describeEnglish } from "./describe-english.ts";
import type { Query } from "./schema.ts";

/**
 * A Query in words, as a person would ask it; the parser reads the words back to an equal query. What words cannot hold is
 * left out: excluded results, drawn shapes and boxes.
 */
export function describeQuery(query: Query, language: "en" | "zh"): string {
  return language === "zh" ? describeChinese(query) : describeEnglish(query);
}

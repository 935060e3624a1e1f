import { plainLine } from "./plain-text.ts";

/** Wording shared by captions and replies. Numbers are printed so that they read back to what was measured. */

export type Language = "en" | "zh";

/** The wording in the reader's language. */
export function say(language: Language, english: string, chinese: string): string {
  return language === "zh" ? chinese : english;
}

/** "312 m", "1,240 m"; 米 in Chinese. Rounded to the metre, tenths under ten metres. */
export function metres(value: number, language: Language): string {
  const rounded = value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
  return `${rounded.toLocaleString("en-US")} ${say(language, "m", "米")}`;
}

/** Square metres under a hectare, then hectares, then square kilometres. */
export function area(valueM2: number, language: Language): string {
  if (valueM2 < 10_000) return `${Math.round(valueM2).toLocaleString("en-US")} ${say(language, "m²", "平方米")}`;
  if (valueM2 < 1_000_000) return `${(valueM2 / 10_000).toFixed(1)} ${say(language, "ha", "公顷")}`;
  return `${(valueM2 / 1_000_000).toFixed(2)} ${say(language, "km²", "平方公里")}`;
}

/** Whole percents; what is not certain never reads 100. */
export function percent(probability: number): string {
  return `${probability < 1 ? Math.min(99, Math.round(probability * 100)) : 100} %`;
}

/** "a, b and c"; "a、b和c". */
export function list(items: readonly string[], language: Language): string {
  if (items.length < 2) return items[0] ?? "";
  const head = items.slice(0, -1).join(say(language, ", ", "、"));
  return `${head}${say(language, " and ", "和")}${items.at(-1)}`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Removes what could be read as markup, address or control from words that came from data or from a person. */
export function plain(text: string): string {
  return plainLine(text);
}

import { CHINESE } from "./words-chinese.ts";
import { ENGLISH, type Words } from "./words-english.ts";

export type Language = "en" | "zh";

/** The words of the interface. */
export function words(language: Language): Words {
  return language === "zh" ? CHINESE : ENGLISH;
}

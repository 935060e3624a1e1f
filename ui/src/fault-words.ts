import { ServiceError } from "./api.ts";
import { chineseSentence } from "./chinese-sentences.ts";
import { type Language, words } from "./words.ts";

/** A sentence of the service, which speaks English, in the language of the page; as it is where it has no Chinese one. */
export function inLanguage(sentence: string, language: Language): string {
  return language === "zh" ? (chineseSentence(sentence) ?? sentence) : sentence;
}

/** What the service said when it refused; where it said nothing, that it cannot be reached. */
export function faultWords(cause: unknown, language: Language): string {
  return cause instanceof ServiceError && cause.message
    ? inLanguage(cause.message, language)
    : words(language).unreachable;
}

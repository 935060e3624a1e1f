import { ServiceError } from "./api.ts";
import { type Language, words } from "./words.ts";

/** What the service said when it refused; where it said nothing, that it cannot be reached. */
export function faultWords(cause: unknown, language: Language): string {
  return cause instanceof ServiceError && cause.message ? cause.message : words(language).unreachable;
}

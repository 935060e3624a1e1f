import { attributeName, conceptName } from "../../knowledge/ontology/names.ts";
import type { Entity } from "../store/entity.ts";
import { plainLine } from "./plain-text.ts";
import { type Language, say } from "./words.ts";

export { attributeName, conceptName };

/** Names longer than this are cut. */
const MOST_OF_A_NAME = 80;

/** "Exit 4 (motorway exit)" for a named thing, "a motorway exit" for one without a name. */
export function entityLabel(entity: Entity, language: Language): string {
  const kind = conceptName(entity.concept, language);
  const name = entity.name ? plainLine(entity.name, MOST_OF_A_NAME) : "";
  if (name) return say(language, `${name} (${kind})`, `${name}(${kind})`);
  return say(language, `${/^[aeiou]/i.test(kind) ? "an" : "a"} ${kind}`, kind);
}

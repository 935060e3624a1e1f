import { attributeName, conceptName } from "../../knowledge/ontology/names.ts";
import type { Entity } from "../store/entity.ts";
import { type Language, plain, say } from "./words.ts";

export { attributeName, conceptName };

/** "Exit 4 (motorway exit)" for a named thing, "a motorway exit" for one without a name. */
export function entityLabel(entity: Entity, language: Language): string {
  const kind = conceptName(entity.concept, language);
  if (entity.name) return say(language, `${plain(entity.name)} (${kind})`, `${plain(entity.name)}(${kind})`);
  return say(language, `${/^[aeiou]/i.test(kind) ? "an" : "a"} ${kind}`, kind);
}

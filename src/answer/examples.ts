import { DEFINITIONS } from "../../knowledge/ontology/definitions.ts";
import { type ConceptId, isConceptId } from "../../knowledge/ontology/ids.ts";
import type { RetrievalContext } from "../retrieval/context.ts";
import { supportingConcepts } from "../retrieval/supporting-concepts.ts";
import { conceptName } from "./names.ts";
import { type Language, say } from "./words.ts";

/** What is interesting to look for, best first; the first that the workspace holds become examples. */
const TARGETS: readonly ConceptId[] = [
  "logistics_park",
  "solar_farm",
  "quarry",
  "tank_farm",
  "large_roof",
  "factory",
  "building",
];
const ANCHORS: readonly ConceptId[] = ["highway_exit", "river", "railway", "coast", "highway", "road"];

/** Three questions that fit what a workspace holds: a search with a relation (for change where there are two dates), a plain one, one for the knowledge store. */
export function exampleQuestions(context: RetrievalContext, language: Language): readonly string[] {
  const present = new Set(context.workspace.entities.counts().map(({ concept }) => concept));
  const shown = (concept: ConceptId) =>
    present.has(concept) ||
    (DEFINITIONS[concept] !== undefined && supportingConcepts(concept).some((part) => present.has(part)));
  const targets = TARGETS.filter(shown);
  const anchors = ANCHORS.filter((concept) => present.has(concept));
  const questions: string[] = [];
  const [first, second] = targets;
  const [anchor] = anchors;
  if (first && anchor && first !== anchor) {
    const isNew = context.dates.length > 1;
    questions.push(
      say(
        language,
        `find ${isNew ? "new " : ""}${conceptName(first, "en", "many")} near ${conceptName(anchor, "en", "many")}`,
        `查找${conceptName(anchor, "zh")}附近${isNew ? "新建的" : "的"}${conceptName(first, "zh")}`,
      ),
    );
  }
  const other = second ?? first;
  if (other)
    questions.push(
      say(language, `the largest ${conceptName(other, "en", "many")}`, `最大的${conceptName(other, "zh")}`),
    );
  const operated = context.workspace.knowledge
    .landmarks()
    .find(
      ({ facts, concept }) => concept !== null && isConceptId(concept) && facts.some(({ key }) => key === "operator"),
    );
  if (operated) {
    const name =
      language === "zh"
        ? (operated.aliases.find((alias) => /\p{Script=Han}/u.test(alias)) ?? operated.name)
        : operated.name;
    questions.push(say(language, `who runs ${name}?`, `${name}由谁运营?`));
  }
  for (const anchorLeft of anchors) {
    if (questions.length >= 3) break;
    questions.push(
      say(
        language,
        `where are the ${conceptName(anchorLeft, "en", "many")}?`,
        `${conceptName(anchorLeft, "zh")}在哪里?`,
      ),
    );
  }
  return questions.slice(0, 3);
}

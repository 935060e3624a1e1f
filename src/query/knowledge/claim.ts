import type { Intent } from "../../../knowledge/ontology/ids.ts";
import type { Draft } from "../draft.ts";
import { isOtherWork } from "../intent.ts";
import type { DialogueState, Gazetteer, Reference } from "../turn.ts";
import { foldMessage, type LandmarkNames } from "./landmark-names.ts";
import type { KnowledgeQuestion } from "./question-schema.ts";
import { readKnowledgeQuestion } from "./read-question.ts";

const LOOKS_FOR =
  /^(please |can you |could you |help me |now |ok |okay )*(find|search|look for|looking for|locate|identify|detect|spot|display|map|highlight|show)\b|^(请|帮我|请帮我|麻烦|再)*(找|查找|寻找|搜|显示|标出|识别)/u;

const PRONOUNS = /^(it|its|this|that|here|this one|that one|它|这个|那个|这里|此处)$/u;

/** What of a message belongs to the landmark knowledge, and the intent with which it does. */
export interface Claim {
  readonly intent: Intent;
  readonly knowledge: KnowledgeQuestion;
}

/**
 * Whether a message is one to the landmark knowledge, though it reads as something else to the grammar of searches: it names a
 * landmark, or a kind of them in a country, and asks something of it. Null leaves the message to that grammar.
 *
 * @param read the intent by the grammar of searches
 */
export function claimForKnowledge(
  message: string,
  read: Intent,
  draft: Draft,
  references: readonly Reference[],
  dialogue: DialogueState,
  gazetteer: Gazetteer,
): Claim | null {
  const names = gazetteer.landmarks;
  if (!names || draft.ranks.length > 0) return null;
  const pointsAtResult = references.length > 0 && dialogue.regions.length > 0;
  const held = dialogue.landmarks ?? [];
  // "it" after an answer about a landmark is that landmark, where its record knows what is asked; else it is the result.
  const mayBeLandmark = held.length > 0 && references.every(({ text }) => PRONOUNS.test(text));
  const focus = pointsAtResult && !mayBeLandmark ? [] : held;
  const knowledge = readKnowledgeQuestion(message, names, focus);
  if (!knowledge) return null;
  const { form, named, asks, unknown, isFollowUp } = knowledge;
  if (isOtherWork(withoutNames(message, knowledge))) return null;
  const plain = message.normalize("NFKC").trim().toLowerCase();
  // Of several results and one landmark, "these" are the results.
  if (form === "among" && named.length < 2 && dialogue.regions.length >= 2) return null;
  if (pointsAtResult && isFollowUp && form !== "among" && !isRecorded(knowledge, names)) return null;
  // "where are the ships within 150 m of a marina" and "where are the mines east of Corran" look for things, beside whatever landmarks.
  const looksWhere =
    read === "search" && draft.target !== null && /^(and |so )?where (are|is)\b|在哪(里|儿)/.test(plain);
  if (looksWhere && draft.relations.length > 0 && named.length === 0) return null;
  const isSide = ({ kind, distanceM, relation }: (typeof draft.geo)[number]) =>
    kind === "place" && (distanceM !== undefined || /_of$|^near$|^far_from$/.test(relation ?? ""));
  if (looksWhere && draft.geo.some(isSide)) return null;
  if (pointsAtResult && (named.length === 0 || !named.some(({ isWhole }) => isWhole))) return null;
  if (unknown !== null && named.length === 0 && (read === "search" || read === "refine")) return null;
  if (
    LOOKS_FOR.test(plain) &&
    !(named.some(({ isWhole }) => isWhole) && asks.length > 0 && draft.relations.length === 0)
  )
    return null;
  // A standing search may be what a message without a name speaks of.
  if (dialogue.query && named.length === 0 && form !== "nearby" && knowledge.countries.length === 0) return null;
  // "what lake does the dam hold back" asks of the landmark, "which tanks are in the port" looks for things.
  const isOfName = named.some(({ text }) =>
    new RegExp(
      `\\b(does|did|do|is|was|has|had|can|were|are|will) (the )?${text.replace(/^the /, "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\b`,
    ).test(foldMessage(message)),
  );
  if (form === "passage" && isOfName) return { intent: "ask", knowledge };
  const isOfNothingElse = read === "count" && draft.target === null && named.some(({ isWhole }) => isWhole);
  if (
    form === "passage" &&
    !isFollowUp &&
    !isOfNothingElse &&
    !["ask", "describe", "explain", "out_of_scope", "help"].includes(read)
  )
    return null;
  if (form === "passage" && draft.relations.length > 0 && draft.target !== null) return null;
  if (isFollowUp && form !== "among" && (read === "search" || read === "refine") && asks.length === 0) return null;
  const intent: Intent =
    form === "compare" || form === "among"
      ? "compare"
      : form === "count"
        ? "count"
        : form === "identity"
          ? "describe"
          : "ask";
  return { intent, knowledge };
}

function isRecorded({ asks, named }: KnowledgeQuestion, names: LandmarkNames): boolean {
  const landmark = names.get(named[0]?.landmarks[0] ?? "");
  return (
    landmark !== null &&
    asks.some(({ properties }) => properties.some((asked) => (landmark.properties as ReadonlySet<string>).has(asked)))
  );
}

/** Names, and codes that airports have, are no orders: "IATA code", "President's House". */
function withoutNames(message: string, { named }: KnowledgeQuestion): string {
  return named
    .reduce((rest, { text }) => rest.replace(text, " it "), foldMessage(message))
    .replace(/\b(iata|icao|airport|port|letter|location|un)? ?codes?\b/g, " ")
    .replace(/(iata|icao|locode|机场|港口|三字|四字)\s?的?代码/g, " ")
    .replace(/\bowners? of\b/g, " ")
    .replace(/\bwho (designed|built|operates|owns|runs)\b/g, " ");
}

import type { ConceptId } from "../../../knowledge/ontology/ids.ts";
import type { Piece } from "../draft.ts";
import { phraseAt, phrases, type Read, type Reader, skip, spanOf, wordAt, words } from "../reader.ts";
import { linkAt } from "./links.ts";
import { nounAt, placeAt } from "./nouns.ts";
import { lengthAt } from "./quantities.ts";

/** What an opener can drop: any piece, only a kind of slot, a slot or an attribute, only what is called a condition, or a bare denial. */
type Reach = "any" | "slot" | "quality" | "condition" | "denial";
const OPENERS = phrases<Reach>([
  [
    "drop|remove|forget about|forget|ignore|lose|delete|lift|cancel|relax|scrap|discard|leave out|take out|take away|take off|get rid of|never mind about|never mind|nevermind|disregard|omit|strike|eliminate|undo|unset|do away with|don't care about|i don't care about|i do not care about|do not care about|don't need|i don't need",
    "any",
  ],
  ["any|regardless of|irrespective of|whatever the|clear", "slot"],
  [
    "doesn't have to be|don't have to be|do not have to be|does not have to be|needn't be|need not be|not necessarily|no need to be|doesn't need to be|don't need to be|they don't have to be|it doesn't have to be|not only|not just",
    "quality",
  ],
  ["without|skip|no more|no longer|no", "condition"],
  ["not|don't|do not", "denial"],
]);
const ARTICLES = words("both the that this their its my our all any about being be is are part to");
const TAILS = phrases([
  [
    "bit|part|condition|conditions|constraint|constraints|requirement|requirements|filter|filters|thing|criterion|criteria|restriction|restrictions|clause|rule|limit|limits|bound|bounds|limitation|one|ones|stuff|again|anymore|any more|any longer|too|please|needed|required|necessary",
    true,
  ],
]);
const SLOTS = phrases<Extract<Piece, { kind: "slot" }>["slot"]>([
  ["size|area|surface|area limit|size limit|extent|minimum size|minimum area|hectares", "size"],
  ["distance|distances|distance limit|radius|how far|proximity|range", "distance"],
  [
    "time|date|dates|age|period|when|time limit|date range|year|years|new|newness|recent|newly built|since|time frame|timeframe|change|changes|changed|recently built",
    "time",
  ],
  ["place|location|where|view|map view|viewport|area i drew|drawn area|polygon|town|region", "geo"],
  ["order|sorting|sort|ranking|ordering|sort order", "sort"],
  ["limit|number of results|maximum number|top", "limit"],
  ["count|number|how many|counting", "count"],
  ["exclusion|exclusions|excluded ones|excluded", "exclude"],
]);
const SLOT_TAILS = words(
  "condition conditions constraint constraints requirement requirements filter filters restriction limit bit part limits clause",
);
const DONT_MATTER = phrases([
  [
    "doesn't matter|don't matter|does not matter|do not matter|isn't important|is not important|isn't needed|is irrelevant|no longer matters|is not needed|isn't necessary",
    true,
  ],
]);

/** "drop the river bit", "any size", "it doesn't have to be new", "the distance doesn't matter". Only before a target is named. */
export function removalAt(reader: Reader, i: number): number | null {
  const { draft } = reader;
  if (draft.target) return null;
  const everywhere = phraseAt(reader, i, EVERYWHERE);
  const all = phraseAt(reader, i, ALL);
  if (all && endsAt(reader, all.next)) return take(reader, { kind: "slot", slot: "all" }, i, all.next);
  if (everywhere && endsAt(reader, everywhere.next))
    return take(reader, { kind: "slot", slot: "geo" }, i, everywhere.next);
  const opener = phraseAt(reader, i, OPENERS);
  const start = skip(reader, opener?.next ?? i, ARTICLES);
  const piece = pieceAt(reader, start);
  if (!piece) return null;
  const tail = phraseAt(reader, piece.next, TAILS);
  if (!opener) {
    const matter = phraseAt(reader, tail?.next ?? piece.next, DONT_MATTER);
    return matter ? take(reader, piece.value, i, matter.next) : null;
  }
  return reaches(reader, opener.value, piece, tail?.next ?? null)
    ? take(reader, piece.value, i, tail?.next ?? piece.next)
    : null;
}

function reaches(reader: Reader, reach: Reach, { value: piece, next }: Read<Piece>, tail: number | null): boolean {
  const isOnes = tail !== null && ["one", "ones"].includes(wordAt(reader, tail - 1));
  if (piece.kind === "slot" && reader.tokens[next]?.kind === "concept") return false;
  switch (reach) {
    case "any":
      // "drop the new ones" leaves results out; it gives no condition up.
      return !isOnes || piece.kind === "concept";
    case "slot":
      return piece.kind === "slot";
    case "quality":
      return piece.kind === "slot" || piece.kind === "attribute";
    case "condition":
      return tail !== null && !isOnes;
    case "denial":
      return piece.kind === "slot" && (piece.slot === "time" || piece.slot === "sort") && endsAt(reader, tail ?? next);
  }
}

const EVERYWHERE = phrases([
  [
    "anywhere|everywhere|the whole map|the whole area|the whole image|the entire area|the entire map|on the whole map|in the whole area|all over the map|wherever",
    true,
  ],
]);

const ALL = phrases([
  [
    "all of them|show all|show me all|all results|all the results|show all of them|show me all of them|show them all|everything",
    true,
  ],
]);

function endsAt(reader: Reader, i: number): boolean {
  return skip(reader, i, words("is fine ok okay instead please now will do works . ! ?")) >= reader.tokens.length;
}

function take(reader: Reader, piece: Piece, i: number, next: number): number {
  const { draft } = reader;
  draft.removals.push(piece);
  draft.spans.push(spanOf(reader, i, next, "removed"));
  let at = next;
  while (["and", ",", "or"].includes(wordAt(reader, at))) {
    const more = pieceAt(reader, skip(reader, at + 1, ARTICLES));
    if (!more || linkAt(reader, at + 1)) break;
    draft.removals.push(more.value);
    at = phraseAt(reader, more.next, TAILS)?.next ?? more.next;
  }
  return at;
}

/** What an order to drop something names: a kind of slot, a noun (with its relation or distance before), an attribute, a place. */
function pieceAt(reader: Reader, i: number): Read<Piece> | null {
  const slot = phraseAt(reader, i, SLOTS);
  // "the number of cranes" names the cranes, and "number 2" a result.
  const isOfSomething =
    slot?.value === "count" && (wordAt(reader, slot.next) === "of" || reader.tokens[slot.next]?.kind === "number");
  if (slot && !isOfSomething) return { value: { kind: "slot", slot: slot.value }, next: slotEnd(reader, slot.next) };
  const link = linkAt(reader, i);
  const length = link ? null : lengthAt(reader, i);
  if (length) return { value: { kind: "slot", slot: "distance" }, next: length.next };
  const at = link?.next ?? i;
  const place = placeAt(reader, at);
  if (place) return { value: { kind: "place", name: place.value }, next: place.next };
  const noun = nounAt(reader, at);
  if (noun) {
    // "the port distance" drops the distance and keeps the port.
    const after = phraseAt(reader, noun.next, SLOTS);
    if (after?.value === "distance") return { value: { kind: "slot", slot: "distance" }, next: after.next };
    return { value: { kind: "concept", concept: noun.value.concept }, next: noun.next };
  }
  const token = reader.tokens[at];
  return token?.kind === "attribute"
    ? { value: { kind: "attribute", attribute: token.attribute }, next: at + 1 }
    : null;
}

function slotEnd(reader: Reader, i: number): number {
  return skip(reader, i, SLOT_TAILS);
}

const EXCHANGES = phrases([["instead of|rather than|in place of|in lieu of|not|and not|as opposed to", true]]);
const EXCHANGE_VERBS = words("replace swap change switch exchange substitute turn trade");
const EXCHANGE_INTO = words("with by for to into");
const BEFORE_NEW = words(
  "use take make it with try near beside what about how show me find search look for do let's say actually",
);

/** "railways instead of motorways", "replace the river with a lake", "instead of motorways, railways". */
export function swapAt(reader: Reader, i: number): number | null {
  const { draft } = reader;
  if (draft.target) return null;
  if (EXCHANGE_VERBS.has(wordAt(reader, i))) {
    const from = nounAt(reader, i + 1);
    if (!from || !EXCHANGE_INTO.has(wordAt(reader, from.next))) return null;
    const to = nounAt(reader, from.next + 1);
    return to && swap(reader, from.value.concept, to.value.concept, i, to.next);
  }
  const instead = phraseAt(reader, i, EXCHANGES);
  if (instead && wordAt(reader, i) !== "and") {
    const from = nounAt(reader, instead.next);
    if (!from) return null;
    const isBut = wordAt(reader, i) === "not";
    const at = skip(reader, from.next, BEFORE_NEW.has(wordAt(reader, from.next)) ? BEFORE_NEW : words(", but use"));
    if (isBut && wordAt(reader, from.next) !== "but") return null;
    const to = at > from.next ? nounAt(reader, skip(reader, at, BEFORE_NEW)) : null;
    return to && swap(reader, from.value.concept, to.value.concept, i, to.next);
  }
  const to = nounAt(reader, i);
  const middle = to && phraseAt(reader, to.next, EXCHANGES);
  if (!to || !middle) return null;
  const from = nounAt(reader, middle.next);
  if (
    !from ||
    (wordAt(reader, to.next) === "not" && reader.tokens[from.next] !== undefined && wordAt(reader, from.next) !== "?")
  )
    return null;
  return swap(reader, from.value.concept, to.value.concept, i, from.next);
}

function swap(reader: Reader, from: ConceptId, to: ConceptId, i: number, next: number) {
  reader.draft.swaps.push({ from, to });
  reader.draft.spans.push(spanOf(reader, i, next, "swapped"));
  return next;
}

import type { PredicateId, TimeKind } from "../../knowledge/ontology/ids.ts";
import { before } from "./dates.ts";
import { AREA_UNITS, LENGTH_UNITS, WALKING_DISTANCE_M } from "./defaults.ts";
import { type Draft, emptyDraft, noun } from "./draft.ts";
import type { ComparisonOp, Distance, GeoConstraint, Noun, Quantity, Relation } from "./schema.ts";
import { englishTokens, ordinal, type Token } from "./tokens.ts";
import type { UnderstandContext } from "./turn.ts";

/** Relation phrases, longest first where one begins another. */
const RELATIONS: readonly (readonly [string, PredicateId])[] = [
  ["in the immediate vicinity of", "adjacent"],
  ["in the vicinity of", "near"],
  ["in the neighbourhood of", "near"],
  ["on the banks of", "along"],
  ["on the bank of", "along"],
  ["on the shore of", "along"],
  ["on the shores of", "along"],
  ["to the north of", "north_of"],
  ["to the south of", "south_of"],
  ["to the east of", "east_of"],
  ["to the west of", "west_of"],
  ["on the left of", "left_of"],
  ["to the left of", "left_of"],
  ["on the right of", "right_of"],
  ["to the right of", "right_of"],
  ["on the left side of", "left_of"],
  ["on the right side of", "right_of"],
  ["at a distance from", "far_from"],
  ["a long way from", "far_from"],
  ["not far from", "near"],
  ["far away from", "far_from"],
  ["far from", "far_from"],
  ["away from", "far_from"],
  ["remote from", "far_from"],
  ["close to", "near"],
  ["near to", "near"],
  ["next to", "adjacent"],
  ["adjacent to", "adjacent"],
  ["right by", "adjacent"],
  ["right beside", "adjacent"],
  ["directly beside", "adjacent"],
  ["bordering on", "adjacent"],
  ["in front of", "adjacent"],
  ["at the side of", "adjacent"],
  ["surrounded by", "surrounded_by"],
  ["enclosed by", "surrounded_by"],
  ["encircled by", "surrounded_by"],
  ["ringed by", "surrounded_by"],
  ["in the middle of", "surrounded_by"],
  ["connected to", "connected_to"],
  ["linked to", "connected_to"],
  ["connected with", "connected_to"],
  ["joined to", "connected_to"],
  ["in between", "between"],
  ["located between", "between"],
  ["inside of", "inside"],
  ["located in", "inside"],
  ["situated in", "inside"],
  ["north of", "north_of"],
  ["south of", "south_of"],
  ["east of", "east_of"],
  ["west of", "west_of"],
  ["left of", "left_of"],
  ["right of", "right_of"],
  ["nearer to", "near"],
  ["nearer", "near"],
  ["closer to", "near"],
  ["near", "near"],
  ["nearby", "near"],
  ["around", "near"],
  ["beside", "adjacent"],
  ["besides", "adjacent"],
  ["adjoining", "adjacent"],
  ["bordering", "adjacent"],
  ["alongside", "along"],
  ["along", "along"],
  ["lining", "along"],
  ["by", "near"],
  ["at", "near"],
  ["inside", "inside"],
  ["within", "inside"],
  ["in", "inside"],
  ["on", "inside"],
  ["between", "between"],
  ["amid", "surrounded_by"],
  ["crossing", "crosses"],
  ["crosses", "crosses"],
  ["cross", "crosses"],
  ["over", "crosses"],
  ["across", "crosses"],
  ["spanning", "crosses"],
  ["containing", "contains"],
  ["contain", "contains"],
  ["contains", "contains"],
  ["including", "contains"],
  ["holding", "contains"],
  ["above", "above"],
  ["below", "below"],
  ["beneath", "below"],
  ["under", "below"],
];
const RELATION_WORDS = RELATIONS.map(([phrase, predicate]) => ({ words: phrase.split(" "), predicate })).sort(
  (a, b) => b.words.length - a.words.length,
);

const TIME_WORDS: readonly (readonly [string, TimeKind])[] = [
  ["newly built", "new"],
  ["newly constructed", "new"],
  ["recently built", "new"],
  ["recently constructed", "new"],
  ["brand new", "new"],
  ["new", "new"],
  ["recent", "new"],
  ["built", "new"],
  ["constructed", "new"],
  ["appeared", "new"],
  ["emerged", "new"],
  ["added", "new"],
  ["opened", "new"],
  ["gone", "gone"],
  ["vanished", "gone"],
  ["disappeared", "gone"],
  ["demolished", "gone"],
  ["removed", "gone"],
  ["torn down", "gone"],
  ["razed", "gone"],
  ["former", "gone"],
  ["lost", "gone"],
  ["grown", "grown"],
  ["growing", "grown"],
  ["grew", "grown"],
  ["expanded", "grown"],
  ["expanding", "grown"],
  ["enlarged", "grown"],
  ["extended", "grown"],
  ["shrunk", "shrunk"],
  ["shrunken", "shrunk"],
  ["shrinking", "shrunk"],
  ["shrank", "shrunk"],
  ["reduced", "shrunk"],
  ["changed", "changed"],
  ["altered", "changed"],
];

/** Words that a question is wrapped in; they carry nothing for the Query. */
const FILLER = new Set(
  "a an the some any all of please could can would you i me my we us our to show find list get give search look looking for want need like locate identify detect display see tell where what which are is am be been was were do does did there here's it its these this that those they them have has had having who whose being every each one ones thing things place places area areas site sites location locations spot spots region regions zone zones map image imagery mosaic picture scene just only also now then so but and or with located situated lying lies lie found standing stands stand sitting built-up ok okay hi hello hey thanks thank how about instead make results result again more still us kindly help let's let s t re m ve d ll if possible in about quickly exactly currently existing exist exists present such as seen visible up go must should keep rather at on by facilities facility".split(
    " ",
  ),
);

const GENERIC = new Set(
  "place places area areas site sites location locations spot spots region regions zone zones anywhere somewhere everything anything ones one those facilities".split(
    " ",
  ),
);
const BACKWARD = new Set("those these them ones only just results they it".split(" "));

/** Reads an English message: nouns with their relations, places, times, sizes, order and limits; what is left over is reported. */
export function parseEnglish(message: string, context: UnderstandContext): Draft {
  const tokens = englishTokens(message, context.gazetteer);
  const draft = emptyDraft();
  const relationSpans: { relation: Relation; start: number; end: number }[] = [];
  let attach: Noun | null = null;
  let lastNoun: Noun | null = null;
  let generic = false;

  const word = (i: number) => {
    const token = tokens[i];
    return token &&
      (token.kind === "word" || token.kind === "attribute" || token.kind === "concept" || token.kind === "number")
      ? token.text.toLowerCase()
      : (token?.text ?? "");
  };
  const phraseAt = (i: number, words: readonly string[]) => words.every((expected, k) => word(i + k) === expected);
  const span = (from: number, to: number, slot: string) => {
    const start = tokens[from]?.start ?? 0;
    const end = tokens[to - 1]?.end ?? start;
    return { start, end, text: message.slice(start, end), slot };
  };

  /** "at least 3", "exactly two", "more than 5"; null when no number follows. */
  const quantityAt = (i: number): { value: Quantity; next: number } | null => {
    const openers: readonly (readonly [string, ComparisonOp])[] = [
      ["at least", ">="],
      ["no fewer than", ">="],
      ["no less than", ">="],
      ["not less than", ">="],
      ["at most", "<="],
      ["no more than", "<="],
      ["not more than", "<="],
      ["up to", "<="],
      ["more than", ">"],
      ["greater than", ">"],
      ["larger than", ">"],
      ["bigger than", ">"],
      ["over", ">"],
      ["above", ">"],
      ["exceeding", ">"],
      ["fewer than", "<"],
      ["less than", "<"],
      ["smaller than", "<"],
      ["under", "<"],
      ["below", "<"],
      ["exactly", "="],
      ["precisely", "="],
      ["a minimum of", ">="],
      ["a maximum of", "<="],
    ];
    for (const [phrase, op] of openers) {
      const words = phrase.split(" ");
      if (!phraseAt(i, words)) continue;
      const number = numberAt(i + words.length);
      if (number) return { value: { op, value: number.value }, next: number.next };
    }
    const number = numberAt(i);
    if (!number) return null;
    if (phraseAt(number.next, ["or", "more"]))
      return { value: { op: ">=", value: number.value }, next: number.next + 2 };
    if (phraseAt(number.next, ["or", "fewer"]) || phraseAt(number.next, ["or", "less"]))
      return { value: { op: "<=", value: number.value }, next: number.next + 2 };
    return { value: { op: "=", value: number.value }, next: number.next };
  };
  const numberAt = (i: number): { value: number; next: number } | null => {
    let at = i;
    if (word(at) === "a" && ["couple", "dozen", "hundred", "half"].includes(word(at + 1))) at += 1;
    const token = tokens[at];
    if (token?.kind !== "number") {
      return token?.kind === "date" && /^(19|20)\d{2}$/.test(token.text) ? null : null;
    }
    let { value } = token;
    let next = at + 1;
    const scale = tokens[next];
    if (scale?.kind === "number" && scale.text === "hundred" && value < 10) {
      value *= 100;
      next += 1;
    } else if (word(next) === "thousand") {
      value *= 1000;
      next += 1;
    }
    if (word(next) === "of" && ["couple", "dozen"].includes(token.text)) next += 1;
    if (word(next) === "a" && token.text === "half") next += 1;
    return { value, next };
  };
  const lengthAt = (i: number): { metres: number; next: number } | null => {
    if (phraseAt(i, ["walking", "distance"])) return { metres: WALKING_DISTANCE_M, next: i + 2 };
    if (phraseAt(i, ["a", "kilometre"]) || phraseAt(i, ["a", "kilometer"]) || phraseAt(i, ["one", "kilometre"]))
      return { metres: 1000, next: i + 2 };
    if (phraseAt(i, ["a", "mile"])) return { metres: 1609.344, next: i + 2 };
    const number = numberAt(i);
    if (!number) return null;
    const unit = LENGTH_UNITS[word(number.next)];
    return unit === undefined ? null : { metres: Math.round(number.value * unit * 1000) / 1000, next: number.next + 1 };
  };
  /** "within 500 m", "less than 2 km away", "more than 1 mile". */
  const distanceAt = (i: number): { distance: Distance; next: number } | null => {
    const openers: readonly (readonly [string, "<=" | ">="])[] = [
      ["no more than", "<="],
      ["not more than", "<="],
      ["no further than", "<="],
      ["no farther than", "<="],
      ["not further than", "<="],
      ["at most", "<="],
      ["less than", "<="],
      ["closer than", "<="],
      ["nearer than", "<="],
      ["within a radius of", "<="],
      ["within a distance of", "<="],
      ["within about", "<="],
      ["within", "<="],
      ["under", "<="],
      ["up to", "<="],
      ["in a radius of", "<="],
      ["inside", "<="],
      ["about", "<="],
      ["around", "<="],
      ["more than", ">="],
      ["at least", ">="],
      ["further than", ">="],
      ["farther than", ">="],
      ["over", ">="],
      ["beyond", ">="],
      ["no closer than", ">="],
      ["no nearer than", ">="],
      ["not within", ">="],
      ["outside", ">="],
      ["at a distance of", "<="],
    ];
    for (const [phrase, op] of openers) {
      const words = phrase.split(" ");
      if (!phraseAt(i, words)) continue;
      const length = lengthAt(i + words.length);
      if (length) return { distance: { op, value: length.metres }, next: skipAway(length.next) };
    }
    const bare = lengthAt(i);
    return bare ? { distance: { op: "<=", value: bare.metres }, next: skipAway(bare.next) } : null;
  };
  const skipAway = (i: number) => {
    let at = i;
    if (word(at) === "or" && ["less", "closer", "nearer"].includes(word(at + 1))) at += 2;
    if (word(at) === "radius" || word(at) === "distance") at += 1;
    if (word(at) === "away") at += 1;
    return at;
  };
  const areaAt = (i: number): { value: Quantity; next: number } | null => {
    let at = i;
    for (const lead of [
      ["with", "an", "area", "of"],
      ["covering"],
      ["of"],
      ["measuring"],
      ["with", "an", "area"],
      ["an", "area", "of"],
    ])
      if (phraseAt(at, lead)) at += lead.length;
    const quantity = quantityAt(at);
    if (!quantity) return null;
    const two = `${word(quantity.next)} ${word(quantity.next + 1)}`;
    const squared: Readonly<Record<string, number>> = {
      "square metres": 1,
      "square meters": 1,
      "square metre": 1,
      "square meter": 1,
      "sq m": 1,
      "square kilometres": 1e6,
      "square kilometers": 1e6,
      "square kilometre": 1e6,
      "sq km": 1e6,
      "square feet": 0.09290304,
      "square miles": 2_589_988.110336,
    };
    const unit = squared[two] ?? AREA_UNITS[word(quantity.next)];
    if (unit === undefined) return null;
    return {
      value: { op: quantity.value.op, value: Math.round(quantity.value.value * unit * 100) / 100 },
      next: quantity.next + (squared[two] === undefined ? 1 : 2),
    };
  };

  /** [determiner] [quantity] attribute* concept [size]. */
  const nounAt = (i: number): { noun: Noun; next: number } | null => {
    let at = i;
    while (
      ["a", "an", "the", "any", "some", "all", "of", "our", "its", "their", "other", "nearest", "closest"].includes(
        word(at),
      ) &&
      tokens[at]?.kind === "word"
    )
      at += 1;
    const quantity = quantityAt(at);
    const hasUnit =
      quantity && (LENGTH_UNITS[word(quantity.next)] !== undefined || AREA_UNITS[word(quantity.next)] !== undefined);
    if (quantity && !hasUnit) at = quantity.next;
    const attributes: Noun["attributes"] = [];
    for (;;) {
      const token = tokens[at];
      if (token?.kind === "attribute") attributes.push(token.attribute);
      else if (
        !(token?.text === "," && attributes.length > 0) &&
        !(word(at) === "and" && tokens[at + 1]?.kind === "attribute" && attributes.length > 0) &&
        !["very", "densely", "large-scale"].includes(word(at))
      )
        break;
      at += 1;
    }
    const token = tokens[at];
    if (token?.kind !== "concept") return null;
    const result: Noun = { ...noun(token.concept), attributes };
    if (quantity && !hasUnit) result.count = quantity.value;
    at += 1;
    // "residential area", "port facility": a generic noun after the concept belongs to it.
    while (
      [
        "area",
        "areas",
        "site",
        "sites",
        "facility",
        "facilities",
        "zone",
        "zones",
        "complex",
        "complexes",
        "estate",
      ].includes(word(at)) &&
      tokens[at]?.kind === "word"
    )
      at += 1;
    let sizeStart = at;
    if (
      phraseAt(sizeStart, ["that", "are"]) ||
      phraseAt(sizeStart, ["that", "is"]) ||
      phraseAt(sizeStart, ["which", "are"])
    )
      sizeStart += 2;
    const size = areaAt(sizeStart);
    if (size) {
      result.areaM2 = size.value;
      at = size.next;
    }
    return { noun: result, next: at };
  };

  const placeAt = (i: number): { name: string; next: number; start: number } | null => {
    let at = i;
    while (
      ["the", "of", "town", "city"].includes(word(at)) &&
      tokens[at]?.kind === "word" &&
      tokens[at + 1]?.kind !== undefined &&
      at < i + 2
    )
      at += 1;
    const token = tokens[at];
    if (token?.kind === "place") return { name: token.name, next: at + 1, start: at };
    return null;
  };
  /** A capitalised name that no dictionary holds: said to be unknown rather than dropped. */
  const unknownNameAt = (i: number): { name: string; next: number } | null => {
    let at = i;
    if (word(at) === "the") at += 1;
    const start = at;
    while (
      tokens[at] &&
      /^\p{Lu}/u.test(message.slice(tokens[at]?.start, tokens[at]?.end)) &&
      tokens[at]?.kind !== "mark"
    ) {
      at += 1;
      if (word(at) === "of" && /^\p{Lu}/u.test(message.slice(tokens[at + 1]?.start, tokens[at + 1]?.end))) at += 1;
    }
    if (at === start || tokens.slice(start, at).every((token) => token.kind === "concept" && start === 0)) return null;
    const first = tokens[start];
    if (!first || first.start === 0) return null;
    return { name: message.slice(first.start, tokens[at - 1]?.end), next: at };
  };
  const viewAt = (i: number): { constraint: GeoConstraint; next: number } | null => {
    for (const words of [
      ["here"],
      ["in", "this", "view"],
      ["in", "view"],
      ["in", "the", "view"],
      ["in", "the", "current", "view"],
      ["on", "the", "screen"],
      ["in", "this", "area"],
      ["on", "this", "map"],
      ["in", "the", "map", "view"],
      ["around", "here"],
      ["in", "the", "visible", "area"],
    ]) {
      if (phraseAt(i, words)) return { constraint: { kind: "viewport", relation: "inside" }, next: i + words.length };
    }
    for (const words of [
      ["in", "the", "drawn", "area"],
      ["in", "my", "area"],
      ["in", "the", "polygon"],
      ["inside", "the", "polygon"],
      ["in", "the", "area", "i", "drew"],
      ["in", "the", "drawn", "polygon"],
      ["inside", "the", "drawn", "area"],
      ["in", "the", "selected", "area"],
      ["in", "the", "selection"],
    ]) {
      if (phraseAt(i, words)) return { constraint: { kind: "polygon", relation: "inside" }, next: i + words.length };
    }
    for (const words of [
      ["on", "the", "edge", "of"],
      ["at", "the", "edge", "of"],
      ["on", "the", "outskirts", "of"],
      ["at", "the", "outskirts", "of"],
      ["on", "the", "edges", "of"],
      ["on", "the", "fringe", "of"],
    ]) {
      if (!phraseAt(i, words)) continue;
      const place = placeAt(i + words.length);
      if (place) return { constraint: { kind: "edge_of", name: place.name }, next: place.next };
      const at = i + words.length + (word(i + words.length) === "the" || word(i + words.length) === "a" ? 1 : 0);
      const token = tokens[at];
      if (token?.kind === "concept" && ["town", "city", "village", "city_center"].includes(token.concept))
        return { constraint: { kind: "edge_of" }, next: at + 1 };
    }
    return null;
  };

  interface Link {
    readonly predicate: PredicateId;
    readonly negated: boolean;
    readonly distance: Distance | undefined;
    readonly next: number;
  }
  /** [not] (distance [of|from|to] | relation [distance of]). */
  const linkAt = (i: number): Link | null => {
    let at = i;
    let negated = false;
    while (
      ["not", "never", "n't", "neither", "isn't", "aren't"].includes(word(at)) ||
      (phraseAt(at, ["are", "not"]) && at === i)
    ) {
      at += phraseAt(at, ["are", "not"]) ? 2 : 1;
      negated = true;
    }
    if (negated && ["too", "located", "situated", "lying", "anywhere"].includes(word(at))) at += 1;
    const distance = distanceAt(at);
    if (distance) {
      let next = distance.next;
      if (["of", "from", "to"].includes(word(next))) next += 1;
      else {
        const direction = relationAt(next);
        if (direction && /_of$/.test(direction.predicate))
          return { predicate: direction.predicate, negated, distance: distance.distance, next: direction.next };
        return null;
      }
      return { predicate: "near", negated, distance: distance.distance, next };
    }
    const relation = relationAt(at);
    return relation ? { ...relation, negated, distance: undefined } : null;
  };
  const relationAt = (i: number): { predicate: PredicateId; next: number } | null => {
    const found = RELATION_WORDS.find(({ words }) => phraseAt(i, words));
    return found ? { predicate: found.predicate, next: i + found.words.length } : null;
  };

  const addRelation = (owner: Noun | null, relation: Relation, from: number, to: number) => {
    const list = owner && owner !== draft.target ? owner.relations : draft.relations;
    list.push(relation);
    relationSpans.push({ relation, ...span(from, to, "") });
    lastNoun = relation.anchors.at(-1) ?? lastNoun;
  };
  /** A distance after the anchor, "(within 500 m)" or "within 500 m" that no "of" follows. */
  const trailingDistance = (i: number): { distance: Distance; next: number } | null => {
    let at = i;
    if (word(at) === "(" || word(at) === ",") at += 1;
    const distance = distanceAt(at);
    if (!distance || ["of", "from", "to"].includes(word(distance.next)) || relationAt(distance.next)) return null;
    let next = distance.next;
    if (["around", "nearby"].includes(word(next))) next += 1;
    return { distance: distance.distance, next: word(next) === ")" ? next + 1 : next };
  };

  const tryRelation = (i: number): number | null => {
    const link = linkAt(i);
    if (!link) return null;
    if (link.next === i + 1 && word(i) === "nearby") return null;
    const place = placeAt(link.next);
    const concept = nounAt(link.next);
    const token = tokens[link.next];
    if (
      place &&
      (!concept ||
        token?.kind === "place" ||
        (tokens[place.start] as Token).end - (tokens[place.start] as Token).start > 0)
    ) {
      draft.geo.push(geoOf(link, place.name));
      draft.spans.push(span(i, place.next, `geo.${draft.geo.length - 1}`));
      return place.next;
    }
    if (concept) {
      let next = concept.next;
      const anchors = [concept.noun];
      if (link.predicate === "between") {
        if (word(next) === "and") {
          const second = nounAt(next + 1);
          if (second) {
            anchors.push(second.noun);
            next = second.next;
          }
        } else if (concept.noun.count) {
          anchors.push({ ...concept.noun });
          for (const anchor of anchors) delete anchor.count;
        }
      }
      const trailing = link.distance ? null : trailingDistance(next);
      const distance = link.distance ?? trailing?.distance;
      const far = link.predicate === "far_from" && distance;
      const relation: Relation = {
        predicate: link.predicate,
        negated: link.negated,
        ...(distance && { distanceM: far ? { op: ">=", value: distance.value } : distance }),
        anchors,
      };
      const after = trailing?.next ?? next;
      addRelation(attach, relation, i, after);
      // "near a river or a lake": each further noun after "or" or "and" that no relation follows shares the relation.
      return after;
    }
    const unknown = ["inside", "near", "north_of", "south_of", "east_of", "west_of", "far_from"].includes(
      link.predicate,
    )
      ? unknownNameAt(link.next)
      : null;
    if (unknown) {
      draft.geo.push(geoOf(link, unknown.name));
      const where = span(link.next, unknown.next, `geo.${draft.geo.length - 1}`);
      draft.spans.push(where);
      draft.unparsed.push({ ...where, slot: "place" });
      return unknown.next;
    }
    return null;
  };
  const geoOf = (link: Link, name: string): GeoConstraint => {
    const inside = link.predicate === "inside" || word(0) === "";
    const relation = link.distance
      ? link.distance.op === ">=" || link.predicate === "far_from" || link.negated
        ? "far_from"
        : "near"
      : link.predicate === "inside"
        ? link.negated
          ? "outside"
          : "inside"
        : ["north_of", "south_of", "east_of", "west_of"].includes(link.predicate)
          ? (link.predicate as "north_of")
          : link.predicate === "far_from" || link.negated
            ? "far_from"
            : "near";
    return {
      kind: "place",
      name,
      relation: relation as NonNullable<GeoConstraint["relation"]>,
      ...(link.distance && !inside && { distanceM: link.distance.value }),
      ...(link.distance && inside && { distanceM: link.distance.value }),
    };
  };

  /** "with dense housing beside", "with no river within 1 km", "without trees". */
  const tryPossession = (i: number): number | null => {
    let at = i;
    let negated = false;
    if (word(at) === "without") {
      negated = true;
      at += 1;
    } else if (word(at) === "no") {
      negated = true;
      at += 1;
    } else if (["with", "having", "have", "has", "featuring"].includes(word(at))) {
      at += 1;
      if (word(at) === "no" || phraseAt(at, ["not", "any"]) || phraseAt(at, ["n't", "any"])) {
        negated = true;
        at += word(at) === "no" ? 1 : 2;
      }
    } else if (phraseAt(i, ["that", "lack"]) || word(i) === "lacking") {
      negated = true;
      at += word(i) === "lacking" ? 1 : 2;
    } else return null;
    if (word(at) === "any") at += 1;
    const found = nounAt(at);
    if (!found) return null;
    if (!draft.target && generic && !negated && word(i) !== "no") {
      draft.target = found.noun;
      draft.spans.push(span(at, found.next, "target.concept"));
      return found.next;
    }
    let next = found.next;
    let predicate: PredicateId = negated ? "near" : "contains";
    let distance: Distance | undefined;
    const trailing = trailingDistance(next);
    if (trailing) {
      predicate = "near";
      distance = trailing.distance;
      next = trailing.next;
    } else {
      const side: Readonly<Record<string, PredicateId>> = {
        beside: "adjacent",
        alongside: "adjacent",
        adjacent: "adjacent",
        nearby: "near",
        around: "near",
        close: "near",
        inside: "contains",
        "close by": "near",
      };
      const chosen = side[word(next)];
      if (chosen && !nounAt(next + 1) && !placeAt(next + 1)) {
        predicate = chosen;
        next += 1;
        if (["by", "it", "them"].includes(word(next))) next += 1;
      } else if (phraseAt(next, ["next", "to", "it"]) || phraseAt(next, ["next", "to", "them"])) {
        predicate = "adjacent";
        next += 3;
      } else if (phraseAt(next, ["next", "door"])) {
        predicate = "adjacent";
        next += 2;
      }
    }
    addRelation(
      attach,
      { predicate, negated, ...(distance && { distanceM: distance }), anchors: [found.noun] },
      i,
      next,
    );
    return next;
  };

  const tryTime = (i: number): number | null => {
    for (const [phrase, kind] of TIME_WORDS) {
      const words = phrase.split(" ");
      if (!phraseAt(i, words)) continue;
      draft.time = { ...(draft.time ?? {}), kind };
      draft.spans.push(span(i, i + words.length, "time"));
      return i + words.length;
    }
    const setRange = (from: string | undefined, to: string | undefined, next: number, asOf = false): number => {
      const kind: TimeKind = draft.time?.kind ?? (asOf ? "as_of" : "new");
      draft.time = { kind, ...(from && { from }), ...(to && { to }) };
      draft.spans.push(span(i, next, "time"));
      return next;
    };
    const dateToken = (at: number) =>
      tokens[at]?.kind === "date" ? (tokens[at] as Extract<Token, { kind: "date" }>) : null;
    if (word(i) === "since" || word(i) === "from" || word(i) === "after") {
      const date = dateToken(i + 1);
      if (date) {
        const from = word(i) === "after" ? date.to : date.from;
        const until = ["to", "until", "till", "-"].includes(word(i + 2)) ? dateToken(i + 3) : null;
        return until ? setRange(from, until.to, i + 4) : setRange(from, undefined, i + 2);
      }
    }
    if (word(i) === "between") {
      const first = dateToken(i + 1);
      const second = word(i + 2) === "and" ? dateToken(i + 3) : null;
      if (first && second) return setRange(first.from, second.to, i + 4);
    }
    if (word(i) === "before" || word(i) === "until" || word(i) === "by") {
      const date = dateToken(i + 1);
      if (date)
        return setRange(
          draft.time?.from,
          word(i) === "before" ? before(date.from, 1, "day") : date.to,
          i + 2,
          draft.time === null,
        );
    }
    if (
      phraseAt(i, ["as", "of"]) ||
      word(i) === "in" ||
      word(i) === "during" ||
      word(i) === "on" ||
      phraseAt(i, ["as", "at"])
    ) {
      const at = i + (word(i) === "as" ? 2 : 1);
      const date = dateToken(at);
      if (date) {
        const asOf = word(i) === "as" || draft.time === null;
        return asOf ? setRange(undefined, date.to, at + 1, true) : setRange(date.from, date.to, at + 1);
      }
    }
    const lead = ["in", "over", "during", "within"].includes(word(i)) ? i + 1 : i;
    const the = word(lead) === "the" ? lead + 1 : lead;
    if (["past", "last"].includes(word(the))) {
      const number = numberAt(the + 1);
      const at = number?.next ?? the + 1;
      const unit = /^(year|month|week|day)s?$/.exec(word(at))?.[1] as "year" | "month" | "week" | "day" | undefined;
      if (unit) return setRange(before(context.newestDate, number?.value ?? 1, unit), undefined, at + 1);
    }
    if (word(i) === "recently" || word(i) === "lately") {
      draft.time = { kind: "new", ...(draft.time ?? {}) };
      return i + 1;
    }
    return null;
  };

  const tryOrder = (i: number): number | null => {
    const sized = {
      largest: "descending",
      biggest: "descending",
      smallest: "ascending",
      tiniest: "ascending",
    } as const;
    const dated = { newest: "descending", latest: "descending", oldest: "ascending" } as const;
    const w = word(i) as string;
    const setSort = (sort: Draft["sort"], next: number) => {
      draft.sort = sort;
      draft.spans.push(span(i, next, "sort"));
      const number =
        tokens[next]?.kind === "number" && !LENGTH_UNITS[word(next + 1)]
          ? (tokens[next] as Extract<Token, { kind: "number" }>)
          : null;
      const head = number ? tokens[next + 1] : tokens[next];
      const attributesAt = tokens.slice(next).findIndex((token) => token.kind !== "attribute");
      const headToken = head?.kind === "attribute" ? tokens[next + attributesAt] : head;
      if (number) {
        draft.limit = number.value;
        return next + 1;
      }
      if (headToken?.kind === "concept" && !headToken.isPlural) draft.limit ??= 1;
      if (["one", "first"].includes(word(next))) {
        if (word(next) === "one") draft.limit = 1;
        return next + 1;
      }
      return next;
    };
    const counted = tokens[i];
    if (
      counted?.kind === "number" &&
      Number.isInteger(counted.value) &&
      (word(i + 1) in sized || word(i + 1) in dated)
    ) {
      draft.limit = counted.value;
      return i + 1;
    }
    if (w in sized) return setSort({ by: "area", order: sized[w as keyof typeof sized] }, i + 1);
    if (w in dated) return setSort({ by: "date", order: dated[w as keyof typeof dated] }, i + 1);
    if (["closest", "nearest", "farthest", "furthest"].includes(w)) {
      const order = w === "closest" || w === "nearest" ? "ascending" : "descending";
      const to = ["to", "from"].includes(word(i + 1)) ? i + 2 : null;
      if (to !== null) {
        const anchor = nounAt(to);
        if (anchor) {
          draft.sort = { by: "distance", order, anchor: anchor.noun };
          draft.spans.push(span(i, anchor.next, "sort"));

          return anchor.next;
        }
      }
      // "the nearest quarry to the river"
      const head = nounAt(i + 1);
      if (head && !draft.target && ["to", "from"].includes(word(head.next))) {
        const anchor = nounAt(head.next + 1);
        if (anchor) {
          draft.target = head.noun;
          draft.spans.push(span(i + 1, head.next, "target.concept"));
          draft.sort = { by: "distance", order, anchor: anchor.noun };
          draft.spans.push(span(i, anchor.next, "sort"));
          const token = tokens[i + 1];
          if (token?.kind === "concept" && !token.isPlural) draft.limit = 1;
          return anchor.next;
        }
      }
      return null;
    }
    if ((w === "top" || w === "first" || w === "best") && tokens[i + 1]?.kind === "number") {
      draft.limit = (tokens[i + 1] as Extract<Token, { kind: "number" }>).value;
      draft.spans.push(span(i, i + 2, "limit"));
      return i + 2;
    }
    if (["sort", "sorted", "order", "ordered", "rank", "ranked"].includes(w) && word(i + 1) === "by") {
      const orders: Readonly<Record<string, NonNullable<Draft["sort"]>["by"]>> = {
        size: "area",
        area: "area",
        distance: "distance",
        probability: "probability",
        date: "date",
        age: "date",
        count: "count",
      };
      const by = orders[word(i + 2)];
      if (by) {
        draft.sort = { by, order: by === "distance" ? "ascending" : "descending" };
        return i + 3;
      }
    }
    if (phraseAt(i, ["largest", "first"]) || phraseAt(i, ["biggest", "first"]))
      return setSort({ by: "area", order: "descending" }, i + 2);
    return null;
  };

  const tryExclusion = (i: number): number | null => {
    const openers = [
      ["except", "for"],
      ["except"],
      ["excluding"],
      ["exclude"],
      ["other", "than"],
      ["apart", "from"],
      ["but", "not"],
      ["not"],
      ["without"],
      ["drop"],
      ["remove"],
      ["ignore"],
      ["leave", "out"],
      ["skip"],
      ["hide"],
    ];
    const opener = openers.find((words) => phraseAt(i, words));
    if (!opener) return null;
    let at = i + opener.length;
    while (
      ["the", "those", "ones", "one", "any", "that", "are", "results", "result", "number"].includes(word(at)) &&
      tokens[at]?.kind === "word"
    )
      at += 1;
    let took = false;
    for (;;) {
      const token = tokens[at];
      const rank =
        token?.kind === "rank"
          ? token.value
          : word(at) in { first: 1, second: 1, third: 1, fourth: 1, fifth: 1 } && opener[0] !== "not"
            ? ordinal(word(at))
            : undefined;
      if (rank === undefined || !token) break;
      draft.exclude.push({ region: `#${rank}` });
      draft.ranks.push({ rank, start: token.start, end: token.end, text: token.text });
      took = true;
      at += 1;
      if ([",", "and"].includes(word(at))) at += 1;
      if (["one", "ones", "result"].includes(word(at))) at += 1;
    }
    if (took) return at;
    const isWith = opener[0] === "without" || opener[0] === "not" || opener.join(" ") === "but not";
    const link = linkAt(at);
    if (link && at > i + opener.length - 0 && (at > i + opener.length || !isWith)) {
      const place = placeAt(link.next);
      const found = nounAt(link.next);
      if (place) {
        draft.geo.push(geoOf({ ...link, negated: true }, place.name));
        return place.next;
      }
      if (found) {
        addRelation(
          null,
          {
            predicate: link.predicate,
            negated: true,
            ...(link.distance && { distanceM: link.distance }),
            anchors: [found.noun],
          },
          i,
          found.next,
        );
        return found.next;
      }
    }
    return null;
  };

  for (let i = 0; i < tokens.length; ) {
    const token = tokens[i] as Token;
    // "that is within …" after an anchor speaks of the anchor.
    if (
      ["that", "which", "who"].includes(word(i)) &&
      lastNoun &&
      lastNoun !== draft.target &&
      ["is", "are", "has", "have", "lies", "lie", "itself"].includes(word(i + 1)) &&
      word(i - 1) !== ","
    ) {
      attach = lastNoun;
      i += ["has", "have"].includes(word(i + 1)) ? 1 : 2;
      if (word(i) === "itself") i += 1;
      continue;
    }
    if (["and", "but", ","].includes(word(i))) {
      if (!(word(i) === "and" && ["that", "which"].includes(word(i + 1)))) attach = null;
      i += 1;
      continue;
    }
    const view = viewAt(i);
    if (view && !(word(i) === "around" && nounAt(i + 1))) {
      draft.geo.push(view.constraint);
      draft.spans.push(span(i, view.next, `geo.${draft.geo.length - 1}`));
      i = view.next;
      continue;
    }
    const order = tryOrder(i);
    if (order !== null) {
      i = order;
      continue;
    }
    const time = tryTime(i);
    if (time !== null) {
      i = time;
      continue;
    }
    const excluded = tryExclusion(i);
    if (excluded !== null) {
      i = excluded;
      continue;
    }
    const relation = tryRelation(i) ?? tryPossession(i);
    if (relation !== null) {
      i = relation;
      continue;
    }
    const size = areaAt(i);
    if (size) {
      if (draft.target) draft.target.areaM2 = size.value;
      else draft.areaM2 = size.value;
      draft.spans.push(span(i, size.next, "target.areaM2"));
      i = size.next;
      continue;
    }
    const distance = distanceAt(i);
    if (distance) {
      draft.distance = distance.distance;
      draft.spans.push(span(i, distance.next, "distance"));
      i = distance.next;
      continue;
    }
    const found = nounAt(i);
    if (found && !draft.target) {
      draft.target = found.noun;
      lastNoun = found.noun;
      draft.spans.push(span(i, found.next, "target.concept"));
      i = found.next;
      continue;
    }
    if (found) {
      // A second bare noun: "quarries or mines" widens nothing; it is reported.
      draft.unparsed.push(span(i, found.next, "unparsed"));
      i = found.next;
      continue;
    }
    if (token.kind === "rank") {
      draft.ranks.push({ rank: token.value, start: token.start, end: token.end, text: token.text });
      i += 1;
      continue;
    }
    if (token.kind === "attribute") {
      draft.attributes.push(token.attribute);
      draft.spans.push(span(i, i + 1, "target.attributes"));
      i += 1;
      continue;
    }
    if (token.kind === "place") {
      draft.geo.push({ kind: "place", name: token.name, relation: "inside" });
      draft.spans.push(span(i, i + 1, `geo.${draft.geo.length - 1}`));
      i += 1;
      continue;
    }
    if (token.kind === "word" || token.kind === "concept" || token.kind === "number" || token.kind === "date") {
      if (BACKWARD.has(word(i))) draft.pointsBack = true;
      if (GENERIC.has(word(i))) generic = true;
      else if (!FILLER.has(word(i))) draft.unparsed.push(span(i, i + 1, "unparsed"));
    }
    i += 1;
  }
  for (const { relation, start, end } of relationSpans) {
    const index = draft.relations.indexOf(relation);
    if (index >= 0) draft.spans.push({ start, end, text: message.slice(start, end), slot: `relations.${index}` });
  }
  draft.unparsed = joined(draft.unparsed, message);
  return draft;
}

/** Neighbouring leftover words as one span. */
function joined(spans: Draft["unparsed"], message: string): Draft["unparsed"] {
  const out: Draft["unparsed"] = [];
  for (const span of spans) {
    const last = out.at(-1);
    if (last && last.slot === span.slot && message.slice(last.end, span.start).trim() === "") {
      out[out.length - 1] = { ...last, end: span.end, text: message.slice(last.start, span.end) };
    } else out.push(span);
  }
  return out;
}

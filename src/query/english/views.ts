import { isOneOf, phraseAt, phrases, type Read, type Reader, skip, wordAt, words } from "../reader.ts";
import type { GeoConstraint } from "../schema.ts";
import { placeAt, unknownNameAt } from "./nouns.ts";

const PREPOSITIONS = words("in within inside on across throughout from of at");
const POINTERS = words("the this my current present visible whole entire that displayed shown our map's");
const VIEWS = phrases([
  [
    "view|viewport|map view|screen|window|map window|extent|map extent|frame|visible area|visible region|visible map|on - screen area|field of view|current area|current map|map area|map on screen",
    true,
  ],
]);
const BARE_VIEWS = phrases([
  [
    "here|around here|right here|over here|in this area|in this region|on this map|on the map now|near here|round here|in this part of the map|what i'm looking at|where i am looking|where i'm looking|on screen|in view|on this screen|in this place|on my screen",
    true,
  ],
]);
const DRAWN = words("drawn selected marked outlined sketched drawn-up highlighted uploaded given chosen circled");
const SHAPES = words("area polygon shape region box selection rectangle zone outline boundary sketch circle aoi part");
const DRAWN_AFTER = phrases([
  [
    "i drew|i have drawn|i've drawn|i just drew|that i drew|that i have drawn|that i've drawn|which i drew|i marked|that i marked|i selected|that i selected|i outlined|that i outlined|i sketched|i uploaded|drawn on the map|of interest|i highlighted|i draw|i circled|i've marked|i've selected|i have marked|i have selected|i just selected|i just marked|drawn|selected|marked",
    true,
  ],
]);
const EDGES = phrases([
  [
    "on the edge of|at the edge of|along the edge of|on the edges of|at the edges of|near the edge of|by the edge of|around the edge of|around the edges of|on the outskirts of|at the outskirts of|in the outskirts of|near the outskirts of|on the fringe of|on the fringes of|at the fringe of|at the fringes of|on the periphery of|at the periphery of|on the margin of|on the margins of|on the rim of|on the border of|edge of|outskirts of|just outside",
    true,
  ],
]);
const EDGES_ALONE = phrases([
  [
    "on the outskirts|at the outskirts|in the outskirts|on the urban fringe|on the fringes|at the edge|in the suburbs|out of town|edge - of - town|suburban|peri - urban|on the periphery",
    true,
  ],
]);
const TOWNS = words("town city village");

/** "here", "in this view", "in the area I drew", "on the edge of town". */
export function viewAt(reader: Reader, i: number, isLed = false): Read<GeoConstraint> | null {
  const drawn = drawnAt(reader, i, isLed);
  if (drawn !== null) return { value: { kind: "polygon", relation: "inside" }, next: drawn };
  const bare = phraseAt(reader, i, BARE_VIEWS);
  if (bare) return { value: { kind: "viewport", relation: "inside" }, next: bare.next };
  if (isLed || isOneOf(reader, i, PREPOSITIONS)) {
    for (let at = i + 1; at === i + 1 || isOneOf(reader, at - 1, POINTERS); at += 1) {
      const view = at > i + 1 || wordAt(reader, at) === "view" ? phraseAt(reader, at, VIEWS) : null;
      if (view) return { value: { kind: "viewport", relation: "inside" }, next: view.next };
    }
  }
  return edgeAt(reader, i);
}

function drawnAt(reader: Reader, i: number, isLed: boolean): number | null {
  if (!isLed && !isOneOf(reader, i, PREPOSITIONS)) return null;
  const at = skip(reader, i + 1, POINTERS);
  const isDrawn = isOneOf(reader, at, DRAWN);
  const shape = isDrawn ? at + 1 : at;
  if (!isOneOf(reader, shape, SHAPES)) return null;
  const after = phraseAt(reader, shape + 1, DRAWN_AFTER);
  if (after) return after.next;
  const noun = wordAt(reader, shape);
  const isMine = wordAt(reader, i + 1) === "my";
  const isShape = ["polygon", "shape", "selection", "rectangle", "box", "sketch", "outline", "circle", "aoi"].includes(
    noun,
  );
  return isDrawn || isMine || isShape ? shape + 1 : null;
}

function edgeAt(reader: Reader, i: number): Read<GeoConstraint> | null {
  const edge = phraseAt(reader, i, EDGES);
  if (edge) {
    const place = placeAt(reader, edge.next);
    if (place) return { value: { kind: "edge_of", name: place.value }, next: place.next };
    const at = skip(reader, edge.next, words("the a any some our"));
    const token = reader.tokens[at];
    if (
      (token?.kind === "concept" && ["town", "city", "village", "city_center"].includes(token.concept)) ||
      TOWNS.has(wordAt(reader, at))
    ) {
      // "the edge of the town of Ellery"
      const named = wordAt(reader, at + 1) === "of" ? placeAt(reader, at + 2) : null;
      if (named) return { value: { kind: "edge_of", name: named.value }, next: named.next };
      return { value: { kind: "edge_of" }, next: at + 1 };
    }
    const unknown = token?.kind === "concept" ? null : unknownNameAt(reader, edge.next);
    if (unknown) return { value: { kind: "edge_of", name: unknown.value }, next: unknown.next };
  }
  const alone = phraseAt(reader, i, EDGES_ALONE);
  return alone && { value: { kind: "edge_of" }, next: alone.next };
}

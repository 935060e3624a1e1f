import type { ConceptId } from "../../knowledge/ontology/ids.ts";
import { TerralogueError } from "../errors.ts";
import { TILE_SCALES, tileAt, tilesMeeting } from "../geo/tile-grid.ts";
import { DEFAULT_DISTANCE_M } from "../query/defaults.ts";
import { describeQuery } from "../query/describe.ts";
import type { BoxM, Tile, TileRecord } from "../store/ports.ts";
import type { RetrievalContext } from "./context.ts";
import { FUSION } from "./fusion.ts";
import { cosine, likenessTo, regionVector } from "./likeness.ts";
import type { Plan } from "./plan.ts";
import { boxOf, boxPolygon, type Outline, outlinesMeet } from "./planar.ts";
import type { TileHit } from "./values.ts";
import { geoSpace, imageSpace, type VectorSpace } from "./vector-space.ts";
import { yearlyChange } from "./yearly-change.ts";

/** The scale in metres at which tiles are ranked; coarser ones lend their score as context. */
const COARSE_SCALE_M = 512;
/** Of more tiles than this only those are scored that a scan or an entity nominates; where no imagery is, the grid gets coarser. */
const MAXIMUM_TILES = 4096;
/** Tiles that the scan of the concept nominates, and as many that entities may. */
const NOMINATED = 2048;

/** Captions that are looked at; the others score 0. */
const MOST_CAPTIONS = 1000;
/** Half of one minus the cosine from which a tile counts as wholly changed. */
const CHANGED = 0.2;

/**
 * One fused score per coarse tile of the search area, from what the imagery's encoder says of the concept, the entities
 * in the tile, the distance to the anchors that the query names, the difference between the dates for change queries, and the likeness to a
 * reference region; difference and likeness also from embedding rasters, where there are any. Parts are 0..1; their weighted sum goes through the logistic function.
 *
 * @param scaleM side in metres of the tiles that are ranked, or of the next larger ones that are stored
 * @returns the plan's `budget.tiles` best tiles, best first; ties by tile id, so that runs agree
 */
export async function coarse(
  plan: Plan,
  context: RetrievalContext,
  signal?: AbortSignal,
  scaleM: number = COARSE_SCALE_M,
): Promise<readonly TileHit[]> {
  const { workspace } = context;
  const area = workspace.crs.geometryFromWgs84(plan.area) as GeoJSON.Polygon | GeoJSON.MultiPolygon;
  const tiles = tilesOf(boxOf(area), scaleM, plan, context).filter((tile) => outlinesMeet(boxPolygon(tile.box), area));
  if (signal?.aborted) throw new TerralogueError("cancelled", "The search was stopped.");
  const scoreImage = imageScorer(plan, context);
  const captions = captionScores(plan, tiles[0]?.scale ?? scaleM, context);
  const like = likenessScorers(plan, context);
  const geoChange = geoChangeScorer(plan, context);
  const hits = tiles.map((tile): TileHit => {
    const parts: Record<string, number> = {};
    const put = (name: string, value: number | null) => {
      if (value !== null) parts[name] = value;
    };
    put("image", scoreImage(tile, plan.dates.after));
    put("context", contextScore(tile, plan, scoreImage));
    put("entities", entityScore(tile, plan, context));
    put("caption", captions.get(tile.id) ?? (captions.size > 0 ? 0 : null));
    put("relation", relationScore(tile, plan, context));
    put("change", changeScore(tile, plan, context));
    put("similar", like.image(tile));
    put("similar_geo", like.geo(tile));
    put("change_geo", geoChange(tile));
    return { tile, score: fuse(parts), parts };
  });
  return hits.sort((a, b) => b.score - a.score || (a.tile.id < b.tile.id ? -1 : 1)).slice(0, plan.budget.tiles);
}

/** Log-odds by the learned weights; a part that is absent adds nothing. */
export function fuse(parts: Readonly<Record<string, number>>): number {
  const { bias, weights } = FUSION.coarse;
  const logit = Object.entries(parts).reduce((sum, [name, value]) => sum + (weights[name] ?? 0) * value, bias);
  return 1 / (1 + Math.exp(-logit));
}

/** Stored tiles at the coarse scale; where nothing is stored (no imagery there), the bare grid over the area. */
function tilesOf(box: BoxM, scaleM: number, plan: Plan, context: RetrievalContext): readonly TileRecord[] {
  const { tiles } = context.workspace;
  const date = plan.dates.after;
  const scales = tiles.scales().filter((side) => tiles.count(side, date) > 0);
  const scale = scales.find((side) => side >= scaleM) ?? scales.at(-1);
  if (scale !== undefined) {
    const widest = ((box[2] - box[0]) / scale + 1) * ((box[3] - box[1]) / scale + 1);
    const most = Math.min(widest, tiles.count(scale, date));
    const nominated = most > MAXIMUM_TILES ? nominatedTiles(box, scale, plan, context) : null;
    const stored = nominated ?? tiles.tiles({ scale, box, date });
    if (stored.length > 0) return stored;
  }
  let side = scaleM;
  while (((box[2] - box[0]) / side) * ((box[3] - box[1]) / side) > MAXIMUM_TILES) side *= 2;
  return tilesMeeting(box, side).map((tile: Tile) => ({ ...tile, date: null, coverage: 0, statistics: {} }));
}

/**
 * Of very many tiles those that look most like the concept (or its parts) in a scan of all vectors, those most like a reference region, and those that hold
 * entities which show it; null when the encoder cannot tell and no entity does, so that all have to be scored.
 */
function nominatedTiles(box: BoxM, scale: number, plan: Plan, context: RetrievalContext): readonly TileRecord[] | null {
  const { encoder, workspace } = context;
  const { concept } = plan.query.target;
  const date = plan.dates.after;
  const found = new Map<string, TileRecord>();
  const own = encoder.conceptDirection?.(concept);
  const directions = own ? [own] : context.partsOf(concept).flatMap((part) => encoder.conceptDirection?.(part) ?? []);
  const like = plan.similarTo
    ? regionVector(
        workspace.crs.geometryFromWgs84(plan.similarTo) as Outline,
        scale,
        imageSpace(encoder.id, date),
        workspace.tiles,
      )
    : null;
  for (const query of [...directions, ...(like ? [like.vector] : [])])
    for (const { tile } of workspace.tiles.nearest(query, { encoder: encoder.id, limit: NOMINATED, scale, box, date }))
      found.set(tile.id, tile);
  const shown = context
    .boxes(concept)
    .within(box)
    .toSorted((a, b) => b.confidence - a.confidence || (a.id < b.id ? -1 : 1));
  const ids = new Set<string>();
  for (const entity of shown) {
    if (ids.size >= NOMINATED) break;
    const [minX, minY, maxX, maxY] = boxOf(entity.geometry);
    const [x, y] = [(minX + maxX) / 2, (minY + maxY) / 2];
    const id = `${scale}/${Math.floor(x / scale)}/${Math.floor(y / scale)}`;
    if (found.has(id) || ids.has(id)) continue;
    ids.add(id);
    for (const tile of workspace.tiles.tiles({ scale, box: [x - 0.01, y - 0.01, x + 0.01, y + 0.01], date }))
      found.set(tile.id, tile);
  }
  return found.size > 0 ? [...found.values()] : null;
}

type ImageScorer = (tile: Tile, date: string | null) => number | null;

function imageScorer(plan: Plan, context: RetrievalContext): ImageScorer {
  const { encoder, workspace } = context;
  return (tile, date) => {
    const vector = workspace.tiles.vector(tile.id, date, encoder.id);
    return vector ? bestConceptScore(plan.query.target.concept, vector, context) : null;
  };
}

/** Best score among the concept and what shows it, or null when the encoder knows none of them. */
export function bestConceptScore(concept: ConceptId, vectors: Float32Array, context: RetrievalContext): number | null {
  return conceptScores(concept, vectors, context)?.[0] ?? null;
}

/** Score per vector, 0..1, of the concept itself; for a concept the encoder does not know, of the best of its parts. */
export function conceptScores(
  concept: ConceptId,
  vectors: Float32Array,
  context: RetrievalContext,
): Float32Array | null {
  const own = context.encoder.scoreConcept(concept, vectors);
  if (own) return own;
  const parts = context.partsOf(concept).flatMap((part) => context.encoder.scoreConcept(part, vectors) ?? []);
  if (parts.length === 0) return null;
  return parts.reduce((best, scores) => best.map((value, i) => Math.max(value, scores[i] ?? 0)));
}

/** Mean image score of the two next coarser tiles around this one. */
function contextScore(tile: TileRecord, plan: Plan, scoreImage: ImageScorer): number | null {
  const scores = TILE_SCALES.filter((side) => side > tile.scale && side <= 4 * tile.scale).flatMap((side) => {
    const ix = Math.floor((tile.ix * tile.scale) / side);
    const iy = Math.floor((tile.iy * tile.scale) / side);
    return scoreImage(tileAt(side, ix, iy), plan.dates.after) ?? [];
  });
  return scores.length > 0 ? scores.reduce((sum, score) => sum + score, 0) / scores.length : null;
}

/** Noisy-or of the confidences of entities that show the concept; for change queries only of those that changed. */
function entityScore(tile: TileRecord, plan: Plan, context: RetrievalContext): number | null {
  const index = context.boxes(plan.query.target.concept);
  if (index.size === 0) return null;
  let none = 1;
  for (const entity of index.within(tile.box)) {
    const changed = entity.firstSeen !== null || entity.lastSeen !== null || entity.areaHistory.length > 1;
    none *= 1 - entity.confidence * (plan.dates.before === null || changed ? 1 : 0.3);
  }
  return 1 - none;
}

/** BM25 of the query's words over the captions of the tiles, as shares of the best. */
function captionScores(plan: Plan, scale: number, { workspace }: RetrievalContext): ReadonlyMap<string, number> {
  const found = workspace.captions.search(describeQuery(plan.query, "en"), {
    limit: MOST_CAPTIONS,
    language: "en",
    scale,
    date: plan.dates.after,
  });
  const best = found[0]?.score ?? 0;
  return new Map(best > 0 ? found.map(({ tileId, score }) => [tileId, score / best]) : []);
}

/** How well the tile can meet the positive relations: 1 within the distance of every anchor, falling with the excess. */
function relationScore(tile: TileRecord, plan: Plan, context: RetrievalContext): number | null {
  const named = plan.query.relations.filter((relation) => !relation.negated && relation.predicate !== "far_from");
  const scores = named.flatMap((relation) =>
    relation.anchors.map((anchor) => {
      const reach = relation.distanceM?.op === "<=" ? relation.distanceM.value : DEFAULT_DISTANCE_M;
      const limit = reach + 4 * tile.scale;
      const distance = context.boxes(anchor.concept).distance(tile.box, limit);
      return Math.exp(-Math.max(0, distance - reach) / tile.scale);
    }),
  );
  return scores.length > 0 ? Math.min(...scores) : null;
}

/** Half of one minus the cosine between the tile's vectors of both dates, stretched so that `CHANGED` and more counts as 1. */
function changeScore(tile: TileRecord, plan: Plan, context: RetrievalContext): number | null {
  if (plan.dates.before === null) return null;
  const { tiles } = context.workspace;
  const before = tiles.vector(tile.id, plan.dates.before, context.encoder.id);
  const after = tiles.vector(tile.id, plan.dates.after, context.encoder.id);
  if (!before || !after) return null;
  return Math.min(1, (1 - cosine(before, after)) / 2 / CHANGED);
}

/** Likeness to the reference region in the imagery and in embedding rasters, cut at 0. */
function likenessScorers(plan: Plan, { workspace, encoder }: RetrievalContext) {
  if (!plan.similarTo) return { image: () => null, geo: () => null };
  const examples = [workspace.crs.geometryFromWgs84(plan.similarTo) as Outline];
  const scorer = (space: VectorSpace | null) => {
    if (!space) return () => null;
    const likeness = likenessTo(examples, space, workspace.tiles);
    return (tile: Tile) => {
      const found = likeness(tile);
      return found === null ? null : Math.max(0, found);
    };
  };
  return {
    image: scorer(imageSpace(encoder.id, plan.dates.after)),
    geo: scorer(geoSpace(workspace, plan.dates.after)),
  };
}

/** What changed between the years of the two dates in embedding rasters, stretched as the change in imagery is; null without two years. */
function geoChangeScorer(plan: Plan, { workspace }: RetrievalContext): (tile: Tile) => number | null {
  const [from, to] = [plan.dates.before, plan.dates.after].map((date) => Number(date?.slice(0, 4)));
  if (!from || !to || from >= to) return () => null;
  const changeOf = yearlyChange(workspace, from, to);
  return (tile) => {
    const change = changeOf(tile);
    return change ? Math.min(1, change.cosineDistance / 2 / CHANGED) : null;
  };
}

import { COLOURED_BY, type Entity, SHOWN_AS } from "../store/entity.ts";
import type { RetrievalContext } from "./context.ts";
import type { Plan } from "./plan.ts";
import { areaM2, boxOf } from "./planar.ts";
import type { Candidate } from "./values.ts";

/** Tags that a map may say its own day with, when a thing was last looked at. */
const CHECKED_TAGS = ["check_date", "survey:date", "timestamp", "@timestamp"] as const;
/** A thing is seen well from so many pixels a side on. */
const CLEAR_SIDE_PX = 4;
const WELL_COVERED = 0.9;

/**
 * Why to be careful with a result:
 * - `map_only`: no imagery shows it: neither a change of it, nor the colour of its roof, nor anything that looks like it;
 * - `stale_layer`: the map is older than the imagery and nothing newer shows the thing, or the map still holds what the imagery shows to be gone;
 * - `sources_disagree`: the map says that it is there, and the imagery shows natural ground;
 * - `single_date`: a change was asked for, and there is one date alone;
 * - `coarse_gsd`: few pixels show it;
 * - `partly_covered`: part of it lies outside the imagery of a date that was looked at, or where that has no data;
 * - `cloud`: a tile under it looks like cloud, snow or glare.
 */
export function flagsOf(candidate: Candidate, plan: Plan, context: RetrievalContext): readonly string[] {
  const flags: string[] = [];
  const { reader, images } = context.workspace;
  const entities = candidate.entityIds.flatMap((id) => context.entity(id) ?? []);
  const seenInImagery = entities.some(({ tags }) => tags["dated:by"] === "imagery" || tags[COLOURED_BY] === "imagery");
  const sources = [candidate.source, ...entities.map(({ source }) => source)];
  const isMapOnly =
    !seenInImagery && candidate.saliency === 0 && sources.every((source) => source.startsWith("layer:"));
  if (isMapOnly) flags.push("map_only");
  if (entities.some((entity) => isStale(entity, context.dates.at(-1) ?? null, isMapOnly))) flags.push("stale_layer");
  if (entities.some(({ tags }) => tags[SHOWN_AS] !== undefined)) flags.push("sources_disagree");
  const asksForChange = plan.query.time !== null && plan.query.time.kind !== "as_of";
  if (plan.query.time && context.dates.length < 2) flags.push("single_date");
  const dates = [...(asksForChange ? [plan.dates.before] : []), plan.dates.after].filter((date) =>
    context.dates.includes(date ?? ""),
  );
  if (images.length === 0 || dates.length === 0) return flags;
  const side = Math.sqrt(areaM2(candidate.geometry));
  if (dates.some((date) => side < CLEAR_SIDE_PX * reader.gsd(date))) flags.push("coarse_gsd");
  const under = dates.map((date) => tilesUnder(candidate, date, context));
  if (under.some((tiles) => meanCoverage(tiles) < WELL_COVERED)) flags.push("partly_covered");
  if (under.some((tiles) => tiles.some(({ statistics }) => looksClouded(statistics)))) flags.push("cloud");
  return flags;
}

/** The map's own day lies before the newest imagery and no imagery shows the thing; or imagery shows that it is gone. */
function isStale({ source, tags, lastSeen }: Entity, newest: string | null, isMapOnly: boolean): boolean {
  if (!source.startsWith("layer:")) return false;
  if (lastSeen !== null && tags["dated:by"] === "imagery") return true;
  const checked = CHECKED_TAGS.map((tag) => tags[tag]?.slice(0, 10)).find((day) =>
    /^\d{4}-\d{2}-\d{2}$/.test(day ?? ""),
  );
  return isMapOnly && newest !== null && checked !== undefined && checked < newest;
}

type Tiles = ReturnType<RetrievalContext["workspace"]["tiles"]["tiles"]>;

/** The finest tiles of a date under a candidate. */
function tilesUnder({ geometry }: Candidate, date: string | null, context: RetrievalContext): Tiles {
  const [minX, minY, maxX, maxY] = boxOf(geometry);
  const tiles = context.workspace.tiles.tiles({ box: [minX, minY, maxX, maxY], date });
  const finest = Math.min(...tiles.map(({ scale }) => scale));
  return tiles.filter(({ scale }) => scale === finest);
}

function meanCoverage(tiles: Tiles): number {
  return tiles.length > 0 ? tiles.reduce((sum, { coverage }) => sum + coverage, 0) / tiles.length : 0;
}

/** Most of the tile smooth, bright and without colour: clouds from above, or snow. Even a district of white roofs has edges and streets between. */
const CLOUD_SMOOTH_BRIGHT = 0.5;
const CLOUD_BRIGHTNESS = 0.82;
const CLOUD_SATURATION = 0.12;

function looksClouded(statistics: Readonly<Record<string, number>>): boolean {
  const { smooth_bright_share_8: smooth = 0, brightness_p50: bright = 0, saturation_mean: colour = 1 } = statistics;
  return smooth >= CLOUD_SMOOTH_BRIGHT && bright >= CLOUD_BRIGHTNESS && colour <= CLOUD_SATURATION;
}

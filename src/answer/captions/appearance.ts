import { TILE_SCALES } from "../../geo/tile-grid.ts";
import type { BoxM, TileRecord } from "../../store/ports.ts";
import type { CaptionContext } from "./context.ts";
import type { AppearanceFact, QualityFact } from "./facts.ts";

/** A tone is said from this share of the pixels on. */
const GREEN_FROM = 0.5;
const BLUE_FROM = 0.6;
const SANDY_FROM = 0.35;
/** Colours of imagery duller than this (mean saturation) are those of haze; only brightness is told. */
const LEAST_SATURATION = 0.2;
const BRIGHT_FROM = 0.6;
const DARK_BELOW = 0.35;
/** Share of smooth blocks of 8 pixels. */
const SMOOTH_FROM = 0.55;
const ROUGH_BELOW = 0.2;
/** Tiles that one statement rests on. */
const MOST_TILES = 16;

interface Weighted {
  readonly tile: TileRecord;
  /** Valid part of the tile that lies in the area's box, square metres. */
  readonly weight: number;
}

/** How the ground looks and how much of it is imaged, from the tiles of the finest scale of which at most sixteen meet the box. */
export function lookOf(
  box: BoxM,
  date: string | null,
  { tiles, dates }: Pick<CaptionContext, "tiles" | "dates">,
): { readonly appearance: AppearanceFact | null; readonly quality: QualityFact | null } {
  const [width, height] = [box[2] - box[0], box[3] - box[1]];
  const few = (scale: number) => (Math.ceil(width / scale) + 1) * (Math.ceil(height / scale) + 1);
  // Finer imagery has finer tiles; where the fitting scale has none, the next coarser one is asked.
  // An area that is a tile is described by that tile.
  const own = TILE_SCALES.filter(
    (scale) => scale === width && scale === height && box[0] % scale === 0 && box[1] % scale === 0,
  );
  const fitting = TILE_SCALES.filter((scale, i) => few(scale) <= MOST_TILES || i === TILE_SCALES.length - 1);
  for (const scale of [...own, ...fitting]) {
    const found = tiles.tiles({ scale, box, date }).map((tile) => ({ tile, shared: shared(tile.box, box) }));
    const meeting = found.filter((one) => one.shared > 0);
    if (meeting.length === 0) continue;
    const weighted = meeting
      .map(({ tile, shared: part }): Weighted => ({ tile, weight: part * tile.coverage }))
      .sort((a, b) => b.weight - a.weight || (a.tile.id < b.tile.id ? -1 : 1))
      .slice(0, MOST_TILES);
    const covered = weighted.reduce((sum, { weight }) => sum + weight, 0) / (width * height);
    return {
      appearance: appearanceOf(weighted),
      quality: {
        coverage: Math.min(1, covered),
        singleDate: dates.length < 2,
        evidence: weighted.map(({ tile }) => tileEvidence(tile, "coverage")),
      },
    };
  }
  return { appearance: null, quality: null };
}

export function tileEvidence({ id, date }: Pick<TileRecord, "id" | "date">, statistic: string): string {
  return `tile:${id}@${date ?? ""}#${statistic}`;
}

function shared(a: BoxM, b: BoxM): number {
  return (
    Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]))
  );
}

function appearanceOf(weighted: readonly Weighted[]): AppearanceFact | null {
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  const described = weighted.every(({ tile }) => tile.statistics.brightness_mean !== undefined);
  if (total === 0 || !described) return null;
  const mean = (name: string) =>
    weighted.reduce((sum, { tile, weight }) => sum + weight * (tile.statistics[name] ?? 0), 0) / total;
  const evidence = (...names: readonly string[]) =>
    weighted.flatMap(({ tile }) => names.map((name) => tileEvidence(tile, name)));
  const smooth = mean("smooth_share_8");
  const texture = smooth >= SMOOTH_FROM ? "smooth" : smooth < ROUGH_BELOW ? "rough" : null;
  const tone = toneOf(mean);
  return {
    tone: tone.tone,
    toneShare: tone.share,
    texture,
    evidence: evidence(...tone.statistics, ...(texture ? ["smooth_share_8"] : [])),
  };
}

function toneOf(mean: (name: string) => number): {
  readonly tone: AppearanceFact["tone"];
  readonly share: number | null;
  readonly statistics: readonly string[];
} {
  if (mean("saturation_mean") >= LEAST_SATURATION) {
    for (const [tone, name, from] of [
      ["blue", "water_share", BLUE_FROM],
      ["green", "vegetation_share", GREEN_FROM],
      ["sandy", "bare_soil_share", SANDY_FROM],
    ] as const) {
      const share = mean(name);
      if (share >= from) return { tone, share, statistics: [name] };
    }
    return { tone: "mixed", share: null, statistics: ["saturation_mean"] };
  }
  const brightness = mean("brightness_mean");
  const tone = brightness >= BRIGHT_FROM ? "bright" : brightness < DARK_BELOW ? "dark" : "grey";
  return { tone, share: null, statistics: ["brightness_mean"] };
}

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { SourceFile, Workspace } from "../workspace.ts";

/** What is in a workspace, for people. */
export interface Catalogue {
  readonly directory: string;
  readonly crs: string;
  readonly fingerprint: string;
  readonly bboxWgs84: readonly number[];
  readonly mosaics: readonly {
    readonly date: string | null;
    readonly images: number;
    readonly gsd: number;
    readonly bands: number;
    readonly bboxWgs84: readonly [number, number, number, number];
  }[];
  readonly tiles: readonly { readonly date: string | null; readonly scale: number; readonly count: number }[];
  readonly entities: readonly { readonly concept: string; readonly count: number }[];
  readonly schemaVersion: number;
  readonly sources: readonly SourceFile[];
  readonly encoders: readonly { readonly id: string; readonly dimensions: number; readonly vectors: number }[];
  /** Id of the segmenter whose finds are among the entities; null without one. */
  readonly segmenter: string | null;
  readonly landmarks: number;
  readonly passages: number;
  readonly threads: number;
  readonly bytes: number;
}

/** The mosaics of a workspace, one a date, oldest first. */
export function mosaicsOf(workspace: Workspace): Catalogue["mosaics"] {
  return workspace.reader.dates.map((date) => {
    const images = workspace.images.filter((image) => image.date === date).map(({ description }) => description);
    const boxes = images.map(({ bboxWgs84 }) => bboxWgs84);
    const pick = (i: 0 | 1 | 2 | 3, of: (...values: number[]) => number) => of(...boxes.map((box) => box[i]));
    return {
      date,
      images: images.length,
      gsd: Math.round(workspace.reader.gsd(date) * 1000) / 1000,
      bands: Math.max(...images.map(({ bands }) => bands)),
      bboxWgs84: [pick(0, Math.min), pick(1, Math.min), pick(2, Math.max), pick(3, Math.max)] as [
        number,
        number,
        number,
        number,
      ],
    };
  });
}

export function catalogueOf(workspace: Workspace): Catalogue {
  const counts = new Map<string, { date: string | null; scale: number; count: number }>();
  for (const { date, scale } of workspace.tiles.tiles({})) {
    const key = `${date ?? ""}/${scale}`;
    const held = counts.get(key) ?? { date, scale, count: 0 };
    counts.set(key, { ...held, count: held.count + 1 });
  }
  const landmarks = workspace.knowledge.landmarks();
  return {
    directory: workspace.directory,
    crs: workspace.crs.code,
    fingerprint: workspace.fingerprint,
    bboxWgs84: workspace.bboxWgs84,
    mosaics: mosaicsOf(workspace),
    tiles: [...counts.values()],
    entities: workspace.entities.counts(),
    schemaVersion: workspace.schemaVersion,
    sources: workspace.sources(),
    encoders: workspace.encoders(),
    segmenter: workspace.segmenter,
    landmarks: landmarks.length,
    passages: landmarks.reduce((sum, { id }) => sum + workspace.knowledge.passages(id).length, 0),
    threads: workspace.threads.list().length,
    bytes: readdirSync(workspace.directory).reduce(
      (sum, name) => sum + statSync(join(workspace.directory, name)).size,
      0,
    ),
  };
}

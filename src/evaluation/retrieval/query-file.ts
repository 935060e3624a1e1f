import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Engine } from "../../engine.ts";
import { TerralogueError } from "../../errors.ts";
import { AreaGeometrySchema, BboxSchema } from "../../query/schema.ts";
import { asOutline } from "../../retrieval/planar.ts";
import { judgeRegions } from "./match.ts";
import { everything } from "./methods.ts";
import { rankingFigures } from "./metrics.ts";
import type { BenchmarkQuery } from "./queries.ts";
import { type Asked, round } from "./report.ts";
import { PLAIN } from "./spec.ts";

const PositionsSchema: z.ZodType<unknown> = z.array(z.union([z.number(), z.lazy(() => PositionsSchema)])).min(1);
const GeometrySchema = z
  .object({
    type: z.enum(["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]),
    coordinates: PositionsSchema,
  })
  .transform((geometry) => geometry as unknown as GeoJSON.Geometry);

/** One line: a question with its right answers, WGS84; without any, abstaining is right. */
export const QueryLineSchema = z.object({
  text: z.string().min(1),
  answers: z.array(
    z.union([
      GeometrySchema,
      z.object({ type: z.literal("Feature"), geometry: GeometrySchema }).transform(({ geometry }) => geometry),
    ]),
  ),
  /** Neither right nor wrong. */
  doubtful: z.array(GeometrySchema).default([]),
  /** Regions that count. */
  k: z.int().min(1).max(100).default(10),
  viewport: BboxSchema.optional(),
  area: AreaGeometrySchema.optional(),
  type: z.string().optional(),
});
export type QueryLine = z.infer<typeof QueryLineSchema>;

/** @throws {TerralogueError} `bad_arguments` naming the file, the line and what is wrong with it */
export function readQueryLines(file: string): readonly QueryLine[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new TerralogueError("bad_arguments", `${file} cannot be read; give a file of JSON lines.`, { cause });
  }
  const lines = text.split(/\r?\n/).flatMap((line, i) => (line.trim() === "" ? [] : [{ line, number: i + 1 }]));
  if (lines.length === 0) throw new TerralogueError("bad_arguments", `${file} holds no question; write one a line.`);
  return lines.map(({ line, number }) => {
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch (cause) {
      throw new TerralogueError("bad_arguments", `${file}, line ${number}, is not JSON; write one object a line.`, {
        cause,
      });
    }
    const read = QueryLineSchema.safeParse(json);
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    throw new TerralogueError(
      "bad_arguments",
      `${file}, line ${number}: ${issue?.path.join(".") || "the object"} is not right (${issue?.message}); a line is {"text", "answers": [GeoJSON geometry…], "k"}.`,
    );
  });
}

/** Asks every line of an open workspace. */
export async function askLines(lines: readonly QueryLine[], { stages, context }: Engine): Promise<readonly Asked[]> {
  const { crs, bboxWgs84, reader } = context.workspace;
  const [west, south, east, north] = bboxWgs84;
  const corner = crs.geometryFromWgs84({
    type: "LineString",
    coordinates: [
      [west, south],
      [east, north],
    ],
  }) as GeoJSON.LineString;
  const [[x0 = 0, y0 = 0] = [], [x1 = 0, y1 = 0] = []] = corner.coordinates;
  const areaKm2 = Math.max(1e-6, Math.abs((x1 - x0) * (y1 - y0)) / 1e6);
  const date = context.dates.at(-1) ?? null;
  const gsd = context.workspace.images.length > 0 ? round(reader.gsd(date)) : 0;
  const outlineOf = (geometry: GeoJSON.Geometry) => asOutline(crs.geometryFromWgs84(geometry), crs);
  const method = everything(stages);
  const asked: Asked[] = [];
  for (const [i, line] of lines.entries()) {
    const query: BenchmarkQuery = {
      id: `line-${i + 1}`,
      type: line.answers.length > 0 ? "object" : "none",
      language: /\p{Script=Han}/u.test(line.text) ? "zh" : "en",
      text: line.text,
      spec: { ...PLAIN, target: "landmark" },
      answers: line.answers.map(outlineOf),
      doubtful: line.doubtful.map(outlineOf),
      viewport: line.viewport ?? null,
      area: line.area ?? null,
    };
    const all = await method.find(query);
    const found = { ...all, regions: all.regions.slice(0, line.k) };
    asked.push({ query, found, judged: judgeRegions(found.regions, query.answers, query.doubtful), areaKm2, gsd });
  }
  return asked;
}

/** One line's result, short. */
export function lineResult({ query, found, judged }: Asked) {
  const figures = query.answers.length > 0 ? rankingFigures(judged, query.answers.length) : null;
  return {
    text: query.text,
    answers: query.answers.length,
    outcome: found.outcome,
    shown: judged.map(({ kind, probability, fit }) => ({
      kind,
      probability: round(probability),
      iou: fit ? round(fit.iou) : null,
    })),
    ...(figures
      ? { recallAt10: round(figures.recall[10]), ndcgAt10: round(figures.ndcg) }
      : { abstained: judged.length === 0 }),
  };
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { openEngine } from "../../engine.ts";
import { TerralogueError } from "../../errors.ts";
import { PACKAGE_ROOT } from "../../package-root.ts";
import { readOptions } from "../arguments.ts";
import type { Measurement } from "../benchmark.ts";
import { LayerAnswersSchema, layerAnswers } from "./layer-answers.ts";
import { askLines, lineResult, QueryLineSchema } from "./query-file.ts";
import { type Asked, byProperty, figuresOf } from "./report.ts";
import { ingestApart, modelsHash, worldsFolder } from "./worlds.ts";

const FILE = "tests/evaluation/real-queries.jsonl";

/** Real rasters and layers, below TERRALOGUE_DATA/geo. A path that ends in a slash stands for the GeoTIFFs in it. */
const PLACES: Readonly<Record<string, { readonly images?: readonly string[]; readonly vectors?: readonly string[] }>> =
  {
    sfbay: { images: ["imagery/sfbay_rapideye/"] },
    monterosi: { images: ["imagery/monterosi_it/"] },
    boadella: { images: ["change/boadella_s2/"] },
    swellendam: {
      images: ["imagery/swellendam_za/"],
      vectors: [
        "imagery/swellendam_za/training_data.gpkg",
        "imagery/swellendam_za/shapefile/water.shp",
        "imagery/swellendam_za/shapefile/rivers.shp",
      ],
    },
    banepa: { vectors: ["imagery/banepa_np/osm_buildings_banepa.geojson"] },
    baltimore: { vectors: ["osm/baltimore.geojson"] },
  };

/** A line of the set: as for `eval -- queries`, with its place, and answers that may come from a layer. */
const RealLineSchema = QueryLineSchema.extend({ place: z.enum(Object.keys(PLACES) as [string, ...string[]]) }).extend({
  answers: z.union([QueryLineSchema.shape.answers, LayerAnswersSchema]),
});

/** Questions about real imagery and maps, whose answers were marked by eye or follow from the layers' tags. */
export const realEvaluation: Measurement = {
  name: "real",
  summary:
    "questions about real rasters and layers of TERRALOGUE_DATA, marked by eye or from layers: [--place NAME] [--worlds-folder DIR]",
  run: async (args) => {
    const values = readOptions(args, { place: { type: "string" }, "worlds-folder": { type: "string" } });
    const data = process.env.TERRALOGUE_DATA;
    if (!data)
      throw new TerralogueError(
        "bad_arguments",
        "The real data are not at hand; set TERRALOGUE_DATA to the folder that holds geo/imagery and geo/osm.",
      );
    const lines = readFileSync(join(PACKAGE_ROOT, FILE), "utf8")
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => RealLineSchema.parse(JSON.parse(line)));
    const all: { place: string; asked: readonly Asked[] }[] = [];
    for (const place of Object.keys(PLACES)) {
      const own = lines.filter((line) => line.place === place);
      if (own.length === 0 || (values.place !== undefined && values.place !== place)) continue;
      const engine = await openEngine(
        await preparePlace(place, join(data, "geo"), worldsFolder(values["worlds-folder"])),
      );
      try {
        const { crs } = engine.workspace;
        const plain = await Promise.all(
          own.map(async (line) => {
            if (Array.isArray(line.answers)) return { ...line, answers: line.answers };
            const found = await layerAnswers(line.answers, join(data, "geo", line.answers.file), crs);
            const toWgs84 = (geometry: GeoJSON.Geometry) => crs.geometryToWgs84(geometry);
            return { ...line, answers: found.answers.map(toWgs84), doubtful: found.doubtful.map(toWgs84) };
          }),
        );
        all.push({ place, asked: await askLines(plain, engine) });
      } finally {
        engine.close();
      }
    }
    const asked = all.flatMap((one) => one.asked);
    return {
      evaluation: "real",
      ...figuresOf(asked),
      ...byProperty(asked, { byLanguage: ({ query }) => query.language }),
      byPlace: Object.fromEntries(all.map(({ place, asked: own }) => [place, figuresOf(own)])),
      queriesAsked: all.flatMap(({ place, asked: own }) => own.map((one) => ({ place, ...lineResult(one) }))),
    };
  },
};

/** Ingests a place once, as long as the models stay the same. */
async function preparePlace(place: string, geo: string, folder: string): Promise<string> {
  const { images = [], vectors = [] } = PLACES[place] ?? {};
  const workspace = join(folder, `real-${place}-${modelsHash()}`);
  if (existsSync(join(workspace, "workspace.sqlite"))) return workspace;
  const files = images.flatMap((path) =>
    readdirSync(join(geo, path))
      .filter((name) => name.endsWith(".tif"))
      .sort()
      .map((name) => join(geo, path, name)),
  );
  process.stderr.write(`Ingesting ${place}; it is kept in ${workspace}.\n`);
  await ingestApart([
    ...["--workspace", workspace],
    ...(files.length > 0 ? ["--image", ...files] : []),
    ...(vectors.length > 0 ? ["--vectors", ...vectors.map((path) => join(geo, path))] : []),
    "--json",
  ]);
  return workspace;
}

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidArgumentError } from "commander";
import { conceptOfClass } from "../../knowledge/ontology/detectors.ts";
import { ATTRIBUTE_IDS, type AttributeId } from "../../knowledge/ontology/ids.ts";
import { TerralogueError } from "../errors.ts";
import { boundsOf } from "../geo/bounds.ts";
import { utmCodeFor, workingCrs } from "../geo/crs.ts";
import { readFeatures } from "../ingest/read-features.ts";
import { EntityTable } from "../logic/entity-table.ts";
import { explainProof } from "../logic/explain.ts";
import type { Formula } from "../logic/formula.ts";
import { scoreWorlds } from "../logic/score.ts";
import { search } from "../logic/search.ts";
import { GODEL, LUKASIEWICZ, PRODUCT, type Semantics } from "../logic/semantics.ts";
import { parseFormula, printFormula } from "../logic/text.ts";
import { compileQuery } from "../query/compile.ts";
import { EMPTY_DIALOGUE } from "../query/turn.ts";
import { understand } from "../query/understand.ts";
import type { Entity } from "../store/entity.ts";
import type { CliCommand } from "./command.ts";

const SEMANTICS: Readonly<Record<string, Semantics>> = { product: PRODUCT, godel: GODEL, lukasiewicz: LUKASIEWICZ };

interface Options {
  readonly entities?: string;
  readonly dota?: string;
  readonly formula?: string;
  readonly query?: string;
  readonly top: number;
  readonly semantics: string;
  readonly explain?: boolean;
  readonly json?: boolean;
}

export const reasonCommand: CliCommand = {
  name: "reason",
  summary:
    "Reasons over a file of entities, without a workspace: a formula or plain words in, bindings with proofs out.",
  configure: (command) => {
    command
      .option("--entities <file>", "GeoJSON features with concept, and optionally confidence, attributes and dates")
      .option("--dota <dir>", "folder of DOTA label files; ranks its images")
      .option(
        "--formula <text>",
        "formula with free variable x, for example: quarry(x) ∧ ∃y (river(y) ∧ near(x, y, 500))",
      )
      .option("--query <words>", "plain words instead of a formula")
      .option("--top <k>", "results", positive, 10)
      .option("--semantics <name>", `one of ${Object.keys(SEMANTICS).join(", ")}`, "product")
      .option("--explain", "print how many things were looked at, and each proof in words")
      .option("--json", "print one JSON document")
      .action(run);
  },
};

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number from 1 on.");
  return value;
}

async function run(options: Options): Promise<void> {
  const semantics = SEMANTICS[options.semantics];
  if (!semantics)
    throw new TerralogueError(
      "bad_arguments",
      `There are no semantics "${options.semantics}"; choose one of ${Object.keys(SEMANTICS).join(", ")}.`,
    );
  if ((options.formula === undefined) === (options.query === undefined))
    throw new TerralogueError("bad_arguments", "Give either --formula or --query.");
  if ((options.entities === undefined) === (options.dota === undefined))
    throw new TerralogueError("bad_arguments", "Give either --entities or --dota.");
  const formula = options.formula === undefined ? formulaOf(options.query as string) : parseFormula(options.formula);
  if (options.dota !== undefined) {
    await rankImages(options.dota, formula, options, semantics);
    return;
  }
  const { entities, space } = await readEntities(options.entities as string);
  const found = search(EntityTable.from(entities, { space }), formula, { limit: options.top, semantics });
  if (options.json) {
    const results = found.bindings.map(({ entity, truth, proof }) => ({
      id: entity.id,
      concept: entity.concept,
      truth,
      proof,
    }));
    process.stdout.write(
      `${JSON.stringify({ formula: printFormula(formula), results, plan: found.plan, work: found.work }, null, 2)}\n`,
    );
    return;
  }
  const lines = found.bindings.map(
    ({ entity, truth, proof }, i) =>
      `${i + 1}. ${entity.name ?? entity.id} (${entity.concept})  truth ${truth.toFixed(3)}${options.explain ? `\n   ${explainProof(proof, "en")}` : ""}`,
  );
  process.stdout.write(`${printFormula(formula)}\n${lines.join("\n") || "Nothing satisfies it."}\n`);
  if (options.explain)
    process.stdout.write(
      `${found.plan.candidates} of ${entities.length} entities were candidates; ${found.work.predicatesEvaluated} predicates were evaluated.\n`,
    );
}

function formulaOf(words: string): Formula {
  const today = new Date().toISOString().slice(0, 10);
  const { query } = understand(words, EMPTY_DIALOGUE, { gazetteer: { places: [] }, newestDate: today, dates: [] });
  if (!query || query.geo.length > 0)
    throw new TerralogueError(
      "bad_question",
      `"${words.slice(0, 120)}" is no question about things and their relations; name what to find.`,
    );
  return compileQuery(query, { geoTerms: {}, from: query.time?.from, to: query.time?.to }).formula;
}

/** Entities in metres (UTM of their middle), or in pixels when the file says `"crs": "pixel"`. */
async function readEntities(path: string): Promise<{ entities: Entity[]; space: "map" | "image" }> {
  if (/"crs"\s*:\s*"pixel"/.test((await readHead(path)) ?? ""))
    return { entities: await readPixelEntities(path), space: "image" };
  const features = [];
  let middle: [number, number] | null = null;
  for await (const feature of readFeatures(path)) {
    if (!feature.geometry) continue;
    if (!middle) {
      const [west, south, east, north] = boundsOf(feature.geometry);
      middle = [(west + east) / 2, (south + north) / 2];
    }
    features.push(feature);
  }
  if (!middle) return { entities: [], space: "map" };
  const crs = workingCrs(utmCodeFor(...middle));
  return {
    entities: features.flatMap(({ id, index, geometry, properties }) =>
      toEntity(id ?? String(index), geometry ? crs.geometryFromWgs84(geometry) : null, properties),
    ),
    space: "map",
  };
}

async function readHead(path: string): Promise<string | null> {
  const text = await readFile(path, "utf8").catch(() => null);
  return text?.slice(0, 4096) ?? null;
}

async function readPixelEntities(path: string): Promise<Entity[]> {
  let document: {
    features?: { id?: string | number; geometry?: GeoJSON.Geometry; properties?: Record<string, unknown> }[];
  };
  try {
    document = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new TerralogueError("bad_vectors", `${path} is not valid JSON; export it again.`, { cause });
  }
  return (document.features ?? []).flatMap(({ id, geometry, properties }, index) =>
    toEntity(String(id ?? index), geometry ?? null, properties ?? {}),
  );
}

function toEntity(
  id: string,
  geometry: GeoJSON.Geometry | null,
  properties: Readonly<Record<string, unknown>>,
): Entity[] {
  const name = properties.concept ?? properties.class;
  const concept = typeof name === "string" ? conceptOfClass(name) : null;
  if (!geometry || !concept) return [];
  const date = (key: string) => (typeof properties[key] === "string" ? (properties[key] as string) : null);
  const attributes = Array.isArray(properties.attributes)
    ? properties.attributes.filter((value): value is AttributeId =>
        (ATTRIBUTE_IDS as readonly unknown[]).includes(value),
      )
    : [];
  return [
    {
      id,
      concept,
      geometry,
      confidence: typeof properties.confidence === "number" ? properties.confidence : 1,
      attributes,
      name: date("name"),
      source: "file",
      firstSeen: date("firstSeen"),
      lastSeen: date("lastSeen"),
      areaHistory: [],
      tags: {},
    },
  ];
}

async function rankImages(directory: string, formula: Formula, options: Options, semantics: Semantics): Promise<void> {
  const names = (await readdir(directory).catch(() => null))?.filter((name) => name.endsWith(".txt")).sort();
  if (!names) throw new TerralogueError("not_found", `There is no folder ${directory}; check the path.`);
  const worlds = await Promise.all(
    names.map(async (name) => ({
      id: name.replace(/\.txt$/, ""),
      entities: readDota(await readFile(join(directory, name), "utf8")),
    })),
  );
  const ranked = scoreWorlds({ kind: "exists", variable: "x", body: formula }, worlds, {
    semantics,
    space: "image",
  }).slice(0, options.top);
  if (options.json)
    process.stdout.write(`${JSON.stringify({ formula: printFormula(formula), results: ranked }, null, 2)}\n`);
  else
    process.stdout.write(
      `${ranked.map(({ id, truth }, i) => `${i + 1}. ${id}  truth ${truth.toFixed(3)}`).join("\n")}\n`,
    );
}

/** `x1 y1 x2 y2 x3 y3 x4 y4 class difficult [confidence]` a line; header lines and unknown classes are passed over. */
function readDota(text: string): Entity[] {
  return text.split("\n").flatMap((line, index): Entity[] => {
    const parts = line.trim().split(/\s+/);
    const numbers = parts.slice(0, 8).map(Number);
    const concept = parts[8] ? conceptOfClass(parts[8]) : null;
    if (parts.length < 9 || !numbers.every(Number.isFinite) || !concept) return [];
    const ring = [0, 2, 4, 6, 0].map((k) => [numbers[k] as number, numbers[k + 1] as number]);
    const confidence = parts[10] === undefined ? 1 : Math.min(1, Math.max(0, Number(parts[10]) || 0));
    return [
      {
        id: String(index),
        concept,
        geometry: { type: "Polygon", coordinates: [ring] },
        confidence,
        attributes: [],
        name: null,
        source: "dota",
        firstSeen: null,
        lastSeen: null,
        areaHistory: [],
        tags: {},
      },
    ];
  });
}

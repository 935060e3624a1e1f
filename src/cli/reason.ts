import { readdir } from "node:fs/promises";
import { join, parse } from "node:path";
import { InvalidArgumentError } from "commander";
import { conceptName } from "../../knowledge/ontology/names.ts";
import { TerralogueError } from "../errors.ts";
import { readDotaFolder } from "../ingest/read-dota.ts";
import { type EntityFile, readEntities } from "../ingest/read-entities.ts";
import { EntityTable, type Frame } from "../logic/entity-table.ts";
import { explainProof } from "../logic/explain.ts";
import type { Formula } from "../logic/formula.ts";
import { formulaFromJson } from "../logic/formula-json.ts";
import { freeVariables } from "../logic/free-variables.ts";
import { scoreWorlds, type World } from "../logic/score.ts";
import { type Binding, type SearchPlan, search } from "../logic/search.ts";
import { GODEL, LUKASIEWICZ, PRODUCT, type Semantics } from "../logic/semantics.ts";
import { parseFormula, printFormula } from "../logic/text.ts";
import { compileQuery } from "../query/compile.ts";
import { EMPTY_DIALOGUE } from "../query/turn.ts";
import { understand } from "../query/understand.ts";
import type { CliCommand } from "./command.ts";

const SEMANTICS: Readonly<Record<string, Semantics>> = { product: PRODUCT, godel: GODEL, lukasiewicz: LUKASIEWICZ };
const IMAGE = /\.(tiff?|png|jpe?g|jp2|bmp|webp)$/i;

interface Options {
  readonly entities?: string;
  readonly dota?: string;
  readonly images?: string;
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
      .option(
        "--entities <file>",
        "GeoJSON features with concept, and optionally confidence, attributes, image and dates",
      )
      .option("--dota <dir>", "folder of DOTA label files; ranks its images")
      .option("--images <dir>", "folder of the images that the entities name; ranks them, those without entities too")
      .option(
        "--formula <text>",
        "formula with free variable x, or a closed one to rank images; text or JSON, for example: quarry(x) ∧ ∃y (river(y) ∧ near(x, y, 500))",
      )
      .option("--query <words>", "plain words instead of a formula")
      .option("--top <k>", "results", positive, 10)
      .option("--semantics <name>", `one of ${Object.keys(SEMANTICS).join(", ")}`, "product")
      .option("--explain", "print the plan with estimated and real cardinalities, and each proof in words")
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
  const formula = options.formula === undefined ? formulaOf(options.query as string) : readFormula(options.formula);
  if (options.dota !== undefined) {
    const { worlds, unknownClasses } = await readDotaFolder(options.dota);
    if (unknownClasses.length > 0)
      process.stderr.write(`Passed over classes that the ontology lacks: ${unknownClasses.join(", ")}.\n`);
    const listed = options.images === undefined ? worlds : withImages(worlds, await imagesIn(options.images));
    rankImages(listed, { space: "image", unit: "px" }, formula, options, semantics);
    return;
  }
  const file = await readEntities(options.entities as string);
  const isClosed = freeVariables(formula).size === 0;
  const namesImages = file.images.some((image) => image !== null);
  if (options.images !== undefined || (isClosed && namesImages)) {
    const worlds = worldsOf(file);
    const listed = options.images === undefined ? worlds : withImages(worlds, await imagesIn(options.images));
    rankImages(listed, file.frame, formula, options, semantics);
  } else if (isClosed) rankImages([{ id: "all", entities: file.entities }], file.frame, formula, options, semantics);
  else findThings(file, formula, options, semantics);
}

function readFormula(text: string): Formula {
  const formula = text.trimStart().startsWith("{") ? formulaFromJson(text) : parseFormula(text);
  const others = [...freeVariables(formula)].filter((name) => name !== "x");
  const [place] = others.filter((name) => name.startsWith("@"));
  if (place !== undefined)
    throw new TerralogueError(
      "bad_question",
      `The formula uses the place "${place}"; a file of entities knows no places.`,
    );
  if (others.length > 0)
    throw new TerralogueError(
      "bad_question",
      `The formula leaves ${others.join(", ")} free; only x may be free, bind the others with ∃ or ∀.`,
    );
  return formula;
}

function formulaOf(words: string): Formula {
  const today = new Date().toISOString().slice(0, 10);
  const { query, unparsed } = understand(words, EMPTY_DIALOGUE, {
    gazetteer: { places: [] },
    newestDate: today,
    dates: [],
  });
  if (!query || query.geo.length > 0)
    throw new TerralogueError(
      "bad_question",
      `"${words.slice(0, 120)}" is no question about things and their relations; name what to find.`,
    );
  if (unparsed.length > 0)
    process.stderr.write(`Not understood and left out: ${unparsed.map(({ text }) => `"${text}"`).join(", ")}.\n`);
  return compileQuery(query, { geoTerms: {}, from: query.time?.from, to: query.time?.to }).formula;
}

/** The entities of each image; those that name none lie in an image without a name. */
function worldsOf({ entities, images }: EntityFile): World[] {
  const worlds = new Map<string, World & { entities: (typeof entities)[number][] }>();
  for (const [i, entity] of entities.entries()) {
    const id = images[i] ?? "";
    const world = worlds.get(id) ?? { id, entities: [] };
    world.entities.push(entity);
    worlds.set(id, world);
  }
  return [...worlds.values()];
}

async function imagesIn(directory: string): Promise<readonly string[]> {
  const names = (await readdir(directory).catch(() => null))?.filter((name) => IMAGE.test(name)).sort();
  if (!names) throw new TerralogueError("not_found", `There is no folder ${directory}; check the path.`);
  if (names.length === 0)
    throw new TerralogueError("not_found", `${directory} holds no images (.tif, .png, .jpg, .jp2); check the path.`);
  return names.map((name) => join(directory, name));
}

/** One world an image of the folder, found by its file name with or without the extension; entities of other images stay out. */
function withImages(worlds: readonly World[], paths: readonly string[]): World[] {
  const byName = new Map(worlds.map((world) => [parse(world.id).name, world]));
  return paths.map((path) => ({ id: path, entities: byName.get(parse(path).name)?.entities ?? [] }));
}

function rankImages(
  worlds: readonly World[],
  frame: Frame,
  formula: Formula,
  options: Options,
  semantics: Semantics,
): void {
  const isClosed = freeVariables(formula).size === 0;
  const closed: Formula = isClosed ? formula : { kind: "exists", variable: "x", body: formula };
  const ranked = scoreWorlds(closed, worlds, { ...frame, semantics, proofs: options.top }).slice(0, options.top);
  if (options.json) {
    const results = ranked.map(({ id, truth, proof }) => ({ image: id, truth, proof }));
    process.stdout.write(
      `${JSON.stringify({ formula: printFormula(closed), images: worlds.length, results }, null, 2)}\n`,
    );
    return;
  }
  const lines = ranked.map(
    ({ id, truth, proof }, i) =>
      `${i + 1}. ${id || "(no image named)"}  truth ${truth.toFixed(3)}${options.explain && truth > 0 ? `\n   ${explainProof(proof, "en")}` : ""}`,
  );
  process.stdout.write(`${printFormula(closed)}\n${lines.join("\n")}\n`);
}

interface Found {
  readonly image: string | null;
  readonly binding: Binding;
}

/** Things that satisfy the formula; in pixels, where coordinates of several images overlap, no relation reaches into another image. */
function findThings(file: EntityFile, formula: Formula, options: Options, semantics: Semantics): void {
  const { frame, images } = file;
  const isApart = frame.space === "image" && images.some((image) => image !== null);
  const worlds = isApart ? worldsOf(file) : [{ id: "", entities: file.entities }];
  const imageOf = new Map(file.entities.map(({ id }, i) => [id, images[i] ?? null]));
  const found: Found[] = [];
  const plans: SearchPlan[] = [];
  let predicates = 0;
  for (const { id, entities } of worlds) {
    const result = search(EntityTable.from(entities, frame), formula, { limit: options.top, semantics });
    for (const binding of result.bindings)
      found.push({ image: isApart ? id || null : (imageOf.get(binding.entity.id) ?? null), binding });
    plans.push(result.plan);
    predicates += result.work.predicatesEvaluated;
  }
  const ranked = found.sort((a, b) => b.binding.truth - a.binding.truth).slice(0, options.top);
  const plan = plans.length === 1 ? plans[0] : undefined;
  if (options.json) {
    const results = ranked.map(({ image, binding: { entity, truth, proof } }) => ({
      id: entity.id,
      concept: entity.concept,
      ...(image !== null && { image }),
      truth,
      proof,
    }));
    const work = { predicatesEvaluated: predicates };
    const document = { formula: printFormula(formula), results, ...(plan ? { plan } : { plans }), work };
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  const lines = ranked.map(
    ({ image, binding: { entity, truth, proof } }, i) =>
      `${i + 1}. ${entity.name ?? entity.id} (${conceptName(entity.concept, "en")}${image === null ? "" : `, ${image}`})  truth ${truth.toFixed(3)}${options.explain ? `\n   ${explainProof(proof, "en")}` : ""}`,
  );
  process.stdout.write(`${printFormula(formula)}\n${lines.join("\n") || "Nothing satisfies it."}\n`);
  if (options.explain && plan) process.stdout.write(planText(plan, file.entities.length, predicates));
}

function planText(plan: SearchPlan, entities: number, predicates: number): string {
  const steps = plan.steps.map(
    ({ step, over, estimated, actual }) => `  ${step} ${over}: ${estimated} expected, ${actual} found`,
  );
  const quantifiers = plan.quantifiers.map(
    ({ formula, estimated, actual, evaluations }) =>
      `  ${formula}: ${estimated} things expected and ${actual} seen each time, ${evaluations} times`,
  );
  return `Plan\n${steps.join("\n")}\n  ${plan.evaluated} of ${plan.candidates} candidates evaluated, best bound first; ${entities} entities in all\n${quantifiers.map((line) => `${line}\n`).join("")}  ${predicates} predicates evaluated\n`;
}

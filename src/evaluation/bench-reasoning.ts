import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, existsSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { TerralogueError } from "../errors.ts";
import { EntityTable } from "../logic/entity-table.ts";
import { search } from "../logic/search.ts";
import { shapeArea, shapeMiddle, shapeRadius } from "../logic/shape-distance.ts";
import { parseFormula } from "../logic/text.ts";
import { PACKAGE_ROOT } from "../package-root.ts";
import type { Measurement } from "./benchmark.ts";
import { BENCHMARK_FORMULAS, type BenchmarkFormula } from "./reasoning/formulas.ts";
import { enumeratingPeer, nestedLoopPeer, type Peer } from "./reasoning/peers.ts";
import { randomEntities } from "./reasoning/world.ts";

const SEED = 20_260_101;
const RUNS = 15;
const TOP = 10;
/** A peer's answer is waited for this long. */
const PATIENCE_MS = 30_000;
/** Enumeration is not tried at a larger size once an answer took longer than this. */
const SMALLER_ONLY_MS = 500;
const PEERS = ["loops", "enumeration", "growth", "postgis"];
const ENUMERATED_SIZES = [250, 500, 1000, 2000, 4000, 8000];
const TOLERANCE = 1e-9;

type Answer = readonly { readonly id: string; readonly truth: number }[];

/**
 * Top-10 searches over a million entities of 40 concepts on 100 × 100 km, against enumeration (at the sizes that it can finish), nested
 * loops with an R-tree a concept, and PostGIS on the same data (tests/bench/postgis.mjs). All answers are compared.
 */
export const reasoningBench: Measurement = {
  name: "reasoning",
  summary: `first-order search over a million entities against its peers (--entities N, --peers ${PEERS.join(",")})`,
  run: async (args) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        entities: { type: "string", default: "1000000" },
        peers: { type: "string", default: PEERS.join(",") },
      },
    });
    const size = Number(values.entities);
    if (!Number.isInteger(size) || size < 1000 || size > 1_000_000)
      throw new TerralogueError(
        "bad_arguments",
        `--entities is ${values.entities}; give a whole number from 1000 to 1000000.`,
      );
    const peers = values.peers.split(",");
    const wants = (name: string) => peers.includes(name);
    const { table, memory, buildSeconds } = buildTable(size);
    const ours = BENCHMARK_FORMULAS.map((formula) => measureOurs(table, formula));
    const loops = wants("loops") ? measureLoops(table) : null;
    const enumeration = wants("enumeration") ? BENCHMARK_FORMULAS.map(measureEnumeration) : null;
    const growth = wants("growth") ? measureGrowth(size) : null;
    const postgis: Postgis = wants("postgis") ? await measurePostgis(table) : { skipped: "not among --peers" };
    return report({ size, table, memory, buildSeconds, ours, loops, enumeration, growth, postgis });
  },
};

function say(what: string): void {
  process.stderr.write(`measuring ${what}\n`);
}

function buildTable(size: number) {
  say(`a table of ${size} entities`);
  collectGarbage();
  const before = process.memoryUsage();
  const started = performance.now();
  const table = EntityTable.from(randomEntities(size, SEED));
  const buildSeconds = (performance.now() - started) / 1000;
  // Everything that searches build at their first use belongs to what the engine keeps in memory.
  for (const kind of table.presentKinds) {
    table.treeOf(kind);
    table.byConfidence(kind);
    table.statistics(kind);
  }
  collectGarbage();
  const after = process.memoryUsage();
  const kept = (usage: NodeJS.MemoryUsage) => usage.heapUsed + usage.external;
  const memory = {
    residentBytesPerEntity: Math.round((after.rss - before.rss) / table.size),
    keptBytesPerEntity: Math.round((kept(after) - kept(before)) / table.size),
  };
  return { table, memory, buildSeconds };
}

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
}

interface Ours {
  readonly name: string;
  readonly answer: Answer;
  readonly milliseconds: readonly number[];
  readonly evaluated: number;
  readonly candidates: number;
}

function measureOurs(table: EntityTable, { name, formula }: BenchmarkFormula): Ours {
  const milliseconds: number[] = [];
  let found: ReturnType<typeof search> | null = null;
  // The formula is parsed, planned and evaluated anew every time: nothing but the table outlives a search. The first one warms the code.
  for (let run = 0; run <= RUNS; run += 1) {
    const started = performance.now();
    found = search(table, parseFormula(formula), { limit: TOP, proofs: false });
    if (run > 0) milliseconds.push(performance.now() - started);
  }
  const answer = found?.bindings.map(({ entity, truth }) => ({ id: entity.id, truth })) ?? [];
  return {
    name,
    answer,
    milliseconds,
    evaluated: found?.plan.evaluated ?? 0,
    candidates: found?.plan.candidates ?? 0,
  };
}

function measureLoops(table: EntityTable) {
  say("nested loops with an R-tree");
  const peer = nestedLoopPeer(table);
  return BENCHMARK_FORMULAS.map((formula) => measurePeer(peer, formula));
}

/** The answer is null where patience ran out; the time is then a lower bound. */
function measurePeer(peer: Peer, { formula }: BenchmarkFormula): { answer: Answer | null; milliseconds: number } {
  const parsed = parseFormula(formula);
  const started = performance.now();
  const answer = peer.search(parsed, PATIENCE_MS);
  return { answer, milliseconds: performance.now() - started };
}

interface Enumeration {
  readonly sizes: readonly { readonly entities: number; readonly milliseconds: number; readonly ours: number }[];
  readonly agrees: boolean;
}

/** Enumeration at growing sizes until one takes too long, the same world searched by the engine beside it. */
function measureEnumeration(formula: BenchmarkFormula): Enumeration {
  say(`enumeration: ${formula.name}`);
  const sizes: { entities: number; milliseconds: number; ours: number }[] = [];
  let agrees = true;
  for (const size of ENUMERATED_SIZES) {
    const table = EntityTable.from(randomEntities(size, SEED + 1));
    const { answer, milliseconds } = measurePeer(enumeratingPeer(table), formula);
    const ours = measureOurs(table, formula);
    if (!answer) break;
    agrees &&= isSame(ours.answer, answer);
    sizes.push({ entities: table.size, milliseconds, ours: median(ours.milliseconds) });
    if (milliseconds > SMALLER_ONLY_MS) break;
  }
  return { sizes, agrees };
}

/** Median times of the engine at sizes of the same density, and the exponent of their growth. */
function measureGrowth(size: number) {
  say("growth");
  const sizes = [size / 16, size / 8, size / 4, size / 2, size].map(Math.round);
  const points = sizes.map((entities) => {
    const table = EntityTable.from(randomEntities(entities, SEED));
    const medians = BENCHMARK_FORMULAS.map((formula) => median(measureOurs(table, formula).milliseconds));
    return { entities: table.size, geometricMeanMs: geometricMean(medians), slowestMs: Math.max(...medians) };
  });
  return {
    points: points.map(({ entities, geometricMeanMs, slowestMs }) => ({
      entities,
      geometricMeanMs: round(geometricMeanMs),
      slowestMs: round(slowestMs),
    })),
    exponentOfGeometricMean: round(
      exponent(points.map(({ entities, geometricMeanMs }) => [entities, geometricMeanMs])),
    ),
    exponentOfSlowest: round(exponent(points.map(({ entities, slowestMs }) => [entities, slowestMs]))),
  };
}

type Postgis =
  | { readonly skipped: string }
  | {
      readonly version: string;
      readonly loadSeconds: number;
      readonly results: readonly {
        readonly name: string;
        readonly milliseconds: readonly number[] | null;
        readonly rows: readonly (readonly [string, number])[] | null;
      }[];
    };

async function measurePostgis(table: EntityTable): Promise<Postgis> {
  const script = join(PACKAGE_ROOT, "tests/bench/postgis.mjs");
  if (!existsSync(script)) return { skipped: "tests/bench/postgis.mjs is not part of this installation" };
  say("PostGIS");
  const folder = mkdtempSync(join(tmpdir(), "terralogue-reasoning-"));
  try {
    const path = join(folder, "entities.tsv");
    await writeEntities(table, path);
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, path], {
      input: JSON.stringify({ queries: BENCHMARK_FORMULAS.map(({ name, sql }) => ({ name, variants: sql })), runs: 3 }),
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    if (status !== 0) return { skipped: `the PostGIS script failed: ${stderr.slice(-500)}` };
    return JSON.parse(stdout) as Postgis;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The columns that tests/bench/postgis.mjs names, tab-separated, with what SQL would have to measure again and again worked out. */
async function writeEntities(table: EntityTable, path: string): Promise<void> {
  const out = createWriteStream(path);
  const middle = new Float64Array(2);
  for (let row = 0; row < table.size; row += 1) {
    const { id, concept, geometry, confidence, attributes, firstSeen } = table.entity(row);
    shapeMiddle(table.shapes, row, middle);
    const [x, y] = [middle[0] as number, middle[1] as number];
    const columns = [
      id,
      concept,
      confidence,
      wellKnownText(geometry),
      x,
      y,
      shapeRadius(table.shapes, row, x, y),
      shapeArea(table.shapes, row),
      attributes.includes("white") ? "t" : "f",
      firstSeen ?? "\\N",
    ];
    if (!out.write(`${columns.join("\t")}\n`)) await once(out, "drain");
  }
  out.end();
  await finished(out);
}

function wellKnownText(geometry: GeoJSON.Geometry): string {
  const list = (positions: readonly GeoJSON.Position[]) =>
    `(${positions.map((position) => position.join(" ")).join(",")})`;
  switch (geometry.type) {
    case "Point":
      return `POINT${list([geometry.coordinates])}`;
    case "LineString":
      return `LINESTRING${list(geometry.coordinates)}`;
    case "Polygon":
      return `POLYGON(${geometry.coordinates.map(list).join(",")})`;
    default:
      throw new TypeError(`The benchmark draws no ${geometry.type}.`);
  }
}

interface Parts {
  readonly size: number;
  readonly table: EntityTable;
  readonly memory: { readonly residentBytesPerEntity: number; readonly keptBytesPerEntity: number };
  readonly buildSeconds: number;
  readonly ours: readonly Ours[];
  readonly loops: ReturnType<typeof measureLoops> | null;
  readonly enumeration: readonly Enumeration[] | null;
  readonly growth: ReturnType<typeof measureGrowth> | null;
  readonly postgis: Postgis;
}

function report(parts: Parts) {
  const { table, memory, ours, growth, postgis } = parts;
  const formulas = BENCHMARK_FORMULAS.map(({ name, formula }, i) => {
    const own = ours[i] as Ours;
    const milliseconds = median(own.milliseconds);
    return {
      name,
      formula,
      medianMs: round(milliseconds),
      slowestMs: round(Math.max(...own.milliseconds)),
      found: own.answer.length,
      candidates: own.candidates,
      evaluated: own.evaluated,
      nestedLoop: loopOf(own.answer, milliseconds, parts.loops?.[i]),
      enumeration: enumerationOf(parts.enumeration?.[i]),
      postgis: postgisOf(own.answer, milliseconds, "results" in postgis ? postgis.results[i] : undefined),
    };
  });
  const all = ours.flatMap(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const mean = (ratios: readonly (number | undefined)[]) => {
    const known = ratios.filter((ratio) => ratio !== undefined);
    return known.length > 0 ? round(geometricMean(known)) : null;
  };
  return {
    benchmark: "reasoning",
    entities: table.size,
    concepts: table.presentKinds.length,
    cores: availableParallelism(),
    load: loadavg()[0],
    buildSeconds: round(parts.buildSeconds),
    memory,
    p50Ms: round(quantile(all, 0.5)),
    p95Ms: round(quantile(all, 0.95)),
    slowestMs: round(quantile(all, 1)),
    geometricMeanRatio: {
      nestedLoop: mean(formulas.map(({ nestedLoop }) => nestedLoop?.ratio)),
      postgis: mean(formulas.map((entry) => entry.postgis?.ratio ?? undefined)),
    },
    growth,
    postgis: "skipped" in postgis ? postgis : { version: postgis.version, loadSeconds: round(postgis.loadSeconds) },
    formulas,
  };
}

function loopOf(own: Answer, milliseconds: number, loop: NonNullable<Parts["loops"]>[number] | undefined) {
  if (!loop) return null;
  const ratio = round(loop.milliseconds / milliseconds);
  return { ms: round(loop.milliseconds), ratio, agrees: loop.answer ? isSame(own, loop.answer) : "gave up" };
}

function enumerationOf(enumerated: Enumeration | undefined) {
  const last = enumerated?.sizes.at(-1);
  if (!enumerated || !last) return null;
  const times = enumerated.sizes.filter(({ milliseconds }) => milliseconds > 1);
  return {
    entities: last.entities,
    ms: round(last.milliseconds),
    ratio: round(last.milliseconds / last.ours),
    exponent: times.length > 1 ? round(exponent(times.map((t) => [t.entities, t.milliseconds]))) : null,
    agrees: enumerated.agrees,
  };
}

type PostgisAnswer = Extract<Postgis, { results: unknown }>["results"][number];

function postgisOf(own: Answer, milliseconds: number, sql: PostgisAnswer | undefined) {
  if (!sql) return null;
  if (!sql.milliseconds || !sql.rows) return { ms: "gave up after 120 s", ratio: null, agrees: null };
  const ms = median(sql.milliseconds);
  const rows = sql.rows.map(([id, truth]) => ({ id, truth }));
  return { ms: round(ms), ratio: round(ms / milliseconds), agrees: isSame(own, rows) };
}

function isSame(a: Answer, b: Answer): boolean {
  return (
    a.length === b.length &&
    a.every(({ id, truth }, i) => b[i]?.id === id && Math.abs((b[i]?.truth ?? 0) - truth) < TOLERANCE)
  );
}

function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

/** @param sorted ascending */
function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(Math.max(1e-6, value)), 0) / Math.max(1, values.length));
}

/** Least-squares slope of log time over log size. */
function exponent(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([n, ms]) => [Math.log(n), Math.log(ms)] as const);
  const meanX = logs.reduce((sum, [x]) => sum + x, 0) / logs.length;
  const meanY = logs.reduce((sum, [, y]) => sum + y, 0) / logs.length;
  const over = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return over / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

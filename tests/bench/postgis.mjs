// Answers the benchmark's queries with PostgreSQL and PostGIS, started on loopback in a temporary directory and removed afterwards.
// stdin: one JSON document {"queries": [{"name", "variants": [sql]}], "runs"}; argument: a file of tab-separated entities
// (id, concept, confidence, EWKT, mx, my, radius, area, white, first_seen).
// stdout: one JSON document {"version", "loadSeconds", "results": [{"name", "milliseconds": [], "rows": [[id, truth]]}] of the fastest variant}, or {"skipped": "why"}.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Longer than this a query is given up. */
const TIMEOUT = "120s";

function skip(why) {
  process.stdout.write(JSON.stringify({ skipped: why }));
  process.exit(0);
}

const root = "/usr/lib/postgresql";
const version = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a))[0] : undefined;
if (!version) skip("PostgreSQL is not installed (Debian: postgresql-15-postgis-3).");
const bin = join(root, version, "bin");
const hasPostgis = existsSync(`/usr/share/postgresql/${version}/extension/postgis.control`);
if (!hasPostgis) skip(`PostGIS is not installed (Debian: postgresql-${version}-postgis-3).`);

/** PostgreSQL refuses to run as root: it then runs as the user that its package made. */
const user = process.getuid() === 0 ? userOf("postgres") : undefined;
if (process.getuid() === 0 && !user) skip("PostgreSQL does not run as root, and there is no user postgres.");
const as = user ? { uid: user.uid, gid: user.gid } : {};

function userOf(name) {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

const port = await new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port: free } = server.address();
    server.close(() => resolve(free));
  });
});
const directory = mkdtempSync(join(tmpdir(), "terralogue-postgis-"));
chmodSync(directory, 0o755);
if (user) chownSync(directory, user.uid, user.gid);
const data = join(directory, "data");
let server;
try {
  run(join(bin, "initdb"), ["-D", data, "-U", "bench", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"]);
  const settings = [
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=1GB",
    "work_mem=256MB",
    "maintenance_work_mem=1GB",
    "effective_cache_size=4GB",
    "random_page_cost=1.1",
    "max_parallel_workers_per_gather=2",
    "max_wal_size=4GB",
    "listen_addresses=127.0.0.1",
    `unix_socket_directories=${directory}`,
    `port=${port}`,
    `statement_timeout=${TIMEOUT}`,
  ];
  server = spawn(join(bin, "postgres"), ["-D", data, ...settings.flatMap((setting) => ["-c", setting])], {
    stdio: ["ignore", "ignore", "ignore"],
    cwd: directory,
    ...as,
  });
  await waitUntilReady();
  const { queries, runs } = JSON.parse(readFileSync(0, "utf8"));
  const started = performance.now();
  sql(SCHEMA());
  sql(`\\copy entity FROM '${process.argv[2]}'`);
  sql(
    "CREATE INDEX ON entity USING gist (geom); CREATE INDEX ON entity (concept, confidence DESC, id); VACUUM ANALYZE;",
    {
      timeout: false,
    },
  );
  const loadSeconds = (performance.now() - started) / 1000;
  const results = queries.map(({ name, variants }) => {
    const all = variants.map((text) => measure(name, text, runs));
    const finished = all.filter(({ milliseconds }) => milliseconds !== null);
    finished.sort((a, b) => Math.min(...a.milliseconds) - Math.min(...b.milliseconds));
    return finished[0] ?? all[0];
  });
  const [postgis] = sql("SELECT postgis_full_version()").trim().split("\n");
  process.stdout.write(JSON.stringify({ version: postgis, loadSeconds, results }));
} finally {
  server?.kill("SIGINT");
  if (server) await new Promise((resolve) => server.once("exit", resolve));
  rmSync(directory, { recursive: true, force: true });
}

function run(command, args) {
  const { status, stderr } = spawnSync(command, args, { encoding: "utf8", cwd: directory, ...as });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
}

async function waitUntilReady() {
  for (let i = 0; i < 100; i += 1) {
    const { status } = spawnSync(join(bin, "pg_isready"), ["-h", "127.0.0.1", "-p", String(port)]);
    if (status === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("PostgreSQL did not start within 20 s.");
}

function sql(text, { timeout = true } = {}) {
  const input = timeout ? text : `SET statement_timeout = 0;\n${text}`;
  const { status, stdout, stderr } = spawnSync(
    join(bin, "psql"),
    [
      "-h",
      "127.0.0.1",
      "-p",
      String(port),
      "-U",
      "bench",
      "-d",
      "postgres",
      "-qAt",
      "-v",
      "ON_ERROR_STOP=1",
      "-F",
      "\t",
    ],
    { input, encoding: "utf8", maxBuffer: 1 << 28 },
  );
  if (status !== 0) throw new Error(`psql: ${stderr.slice(0, 2000)}`);
  return stdout;
}

/** The first run warms the caches and is not counted. Times are psql's, over one loopback connection. */
function measure(name, text, runs) {
  let output;
  try {
    output = sql(["\\timing on", ...Array.from({ length: runs + 1 }, () => `${text};\n\\echo -- end`)].join("\n"));
  } catch (error) {
    if (!String(error).includes("statement timeout")) throw error;
    return { name, milliseconds: null, rows: null, timedOut: TIMEOUT };
  }
  const blocks = output.split("-- end\n").filter((block) => block.trim() !== "");
  const milliseconds = blocks.map((block) => Number(/Time: ([\d.]+) ms/.exec(block)?.[1]));
  const rows = (blocks.at(-1) ?? "")
    .split("\n")
    .filter((line) => line.includes("\t"))
    .map((line) => {
      const [id, truth] = line.split("\t");
      return [id, Number(truth)];
    });
  return { name, milliseconds: milliseconds.slice(1), rows };
}

/** One partition a concept, so that every concept has a spatial index of its own. */
function SCHEMA() {
  const concepts = [
    ...new Set(
      readFileSync(process.argv[2], "utf8")
        .split("\n")
        .flatMap((line) => line.split("\t")[1] ?? []),
    ),
  ];
  return `
CREATE EXTENSION postgis;
CREATE TABLE entity (
  id text, concept text, confidence float8, geom geometry, mx float8, my float8, radius float8, area float8, white boolean,
  first_seen text
) PARTITION BY LIST (concept);
${concepts.map((concept) => `CREATE TABLE entity_${concept} PARTITION OF entity FOR VALUES IN ('${concept}');`).join("\n")}
CREATE FUNCTION bearing_truth(dx float8, dy float8, wanted float8) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT 1 - greatest(0, least(1, (abs(d - 360 * floor(d / 360) - 180) - 45) / 22.5))
  FROM (SELECT degrees(atan2(dx, dy)) - wanted + 540 AS d) t
$$;
CREATE FUNCTION three_more(s float8[], p float8) RETURNS float8[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY[s[1] * (1 - p), s[2] * (1 - p) + s[1] * p, s[3] * (1 - p) + s[2] * p]
$$;
CREATE FUNCTION three_done(s float8[]) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 1 - s[1] - s[2] - s[3] $$;
CREATE AGGREGATE at_least_three(float8) (sfunc = three_more, stype = float8[], initcond = '{1,0,0}', finalfunc = three_done);
CREATE FUNCTION is_between(px float8, py float8, ax float8, ay float8, bx float8, by float8) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT l > 0 AND t > 0 AND t < 1 AND abs((px - ax) * (by - ay) - (py - ay) * (bx - ax)) / l <= l / 2
  FROM (SELECT l, CASE WHEN l > 0 THEN ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / (l * l) ELSE -1 END AS t
        FROM (SELECT sqrt((bx - ax) ^ 2 + (by - ay) ^ 2) AS l) u) v
$$;
CREATE FUNCTION inside_share(inner_geom geometry, outer_geom geometry) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT avg(ST_Intersects(outer_geom, p)::int)
  FROM (SELECT unnest(ARRAY[ST_PointN(r, i), ST_LineInterpolatePoint(ST_MakeLine(ST_PointN(r, i), ST_PointN(r, i + 1)), 0.5)]) AS p
        FROM (SELECT ST_ExteriorRing(inner_geom) AS r) a, generate_series(1, ST_NPoints(ST_ExteriorRing(inner_geom)) - 1) i) b
$$;
CREATE FUNCTION enclosure_truth(g geometry, mx float8, my float8, radius float8, outer_geom geometry) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT greatest(0, least(1, (CASE WHEN inside > 0.9 THEN inside ELSE (
    SELECT avg(ST_Intersects(outer_geom, ST_MakeLine(ST_MakePoint(mx, my),
      ST_MakePoint(mx + (radius + 100) * cos(k * pi() / 8), my + (radius + 100) * sin(k * pi() / 8))))::int)
    FROM generate_series(0, 15) k) END - 0.5) / 0.25))
  FROM (SELECT inside_share(g, outer_geom) AS inside) t
$$;
`;
}

import { readFile } from "node:fs/promises";
import { engineOptions, openEngine } from "../engine.ts";
import { noModelToDrive, TerralogueError } from "../errors.ts";
import { type AreaGeometry, AreaGeometrySchema, type Bbox } from "../query/schema.ts";
import type { CliCommand } from "./command.ts";

interface Options {
  readonly workspace: string;
  readonly thread?: string;
  readonly bbox?: string;
  readonly area?: string;
  readonly drive?: boolean;
  readonly json?: boolean;
}

export const askCommand: CliCommand = {
  name: "ask",
  summary: "One turn of a conversation about a workspace.",
  configure: (command) => {
    command
      .argument("<message>", "the message, in English or Chinese")
      .requiredOption("--workspace <dir>", "workspace to ask")
      .option("--thread <id>", "conversation to continue or begin; a new one without it")
      .option("--bbox <w,s,e,n>", "search only this box, degrees")
      .option("--area <file>", "search only this polygon (GeoJSON)")
      .option("--drive", "let the language model call the tools and word the answer (needs TERRALOGUE_LLM_URL)")
      .option("--json", "print the whole Reply as JSON")
      .action(async (message: string, options: Options) => {
        const viewport = options.bbox === undefined ? null : parseBbox(options.bbox);
        const area = options.area === undefined ? null : await readArea(options.area);
        const engine = await openEngine(options.workspace, engineOptions(process.env));
        try {
          if (options.drive && !engine.hasModel) throw noModelToDrive();
          const reply = await engine.agent.run({
            message,
            ...(options.thread && { thread: options.thread }),
            ...(viewport && { viewport }),
            ...(area && { area }),
            ...(options.drive && { drive: true }),
          });
          if (options.json) process.stdout.write(`${JSON.stringify(reply, null, 2)}\n`);
          else
            process.stdout.write(
              `${reply.text}\n\n(thread ${reply.thread}, turn ${reply.turn}; continue with --thread ${reply.thread})\n`,
            );
        } finally {
          engine.close();
        }
      });
  },
};

/** @throws {TerralogueError} `bad_arguments` when it is not four degrees with west < east and south < north */
export function parseBbox(text: string): Bbox {
  const parts = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const [west = Number.NaN, south = Number.NaN, east = Number.NaN, north = Number.NaN] = parts;
  const isValid =
    parts.length === 4 &&
    parts.every(Number.isFinite) &&
    west < east &&
    south < north &&
    Math.abs(south) <= 90 &&
    Math.abs(north) <= 90 &&
    Math.abs(west) <= 180 &&
    Math.abs(east) <= 180;
  if (!isValid)
    throw new TerralogueError(
      "bad_arguments",
      `The box "${text}" is not W,S,E,N in degrees with west under east and south under north.`,
    );
  return [west, south, east, north];
}

async function readArea(path: string): Promise<AreaGeometry> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new TerralogueError("not_found", `There is no file ${path}; check the path.`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new TerralogueError("bad_vectors", `${path} is not JSON; give a GeoJSON polygon.`, { cause });
  }
  const document = value as { type?: string; geometry?: unknown; features?: { geometry?: unknown }[] };
  const geometry =
    document.type === "FeatureCollection"
      ? document.features?.[0]?.geometry
      : document.type === "Feature"
        ? document.geometry
        : document;
  const parsed = AreaGeometrySchema.safeParse(geometry);
  if (!parsed.success)
    throw new TerralogueError("bad_vectors", `${path} holds no Polygon or MultiPolygon; draw the area as one.`);
  return parsed.data;
}

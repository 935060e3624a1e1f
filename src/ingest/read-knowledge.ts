import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { z } from "zod";
import { TerralogueError } from "../errors.ts";
import { checkWgs84Geometry } from "../geo/validate.ts";
import type { Landmark } from "../store/ports.ts";

const LineSchema = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  name: z.string().min(1),
  aliases: z.array(z.string()).optional(),
  concept: z.string().nullish(),
  lon: z.number().min(-180).max(180).nullish(),
  lat: z.number().min(-90).max(90).nullish(),
  geometry: z.unknown().optional(),
  facts: z
    .union([
      z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      z.array(z.object({ key: z.string(), value: z.union([z.string(), z.number()]) })),
    ])
    .optional(),
  text: z.string().optional(),
  source: z.string().optional(),
  licence: z.string().nullish(),
});

/** Sentences of one passage. */
const SENTENCES = 2;

/**
 * Streams landmarks from JSON Lines: {name, aliases?, concept?, lon/lat or geometry, facts?, text, source?, licence?}.
 * The text is cut into passages of two sentences.
 *
 * @throws {TerralogueError} `bad_knowledge` naming the line
 */
export async function* readKnowledge(
  path: string,
): AsyncGenerator<{ landmark: Landmark; passages: readonly string[] }> {
  const name = basename(path);
  const size = (await stat(path).catch(() => null))?.size;
  if (size === undefined) throw new TerralogueError("not_found", `There is no file ${path}; check the path.`);
  if (size === 0) throw new TerralogueError("bad_knowledge", `${path} is empty (0 bytes); export it again.`);
  const file = await open(path);
  let number = 0;
  try {
    for await (const line of file.readLines()) {
      number += 1;
      if (line.trim() === "") continue;
      const where = `Line ${number} of ${name}`;
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch (cause) {
        throw new TerralogueError("bad_knowledge", `${where} is not JSON; write one landmark a line.`, { cause });
      }
      const parsed = LineSchema.safeParse(value);
      if (!parsed.success) {
        const issue = parsed.error.issues[0];
        throw new TerralogueError(
          "bad_knowledge",
          `${where} has a bad "${issue?.path.join(".") || "landmark"}" (${issue?.message ?? "invalid"}); mend it.`,
        );
      }
      yield toLandmark(parsed.data, number, name, where);
    }
  } finally {
    await file.close();
  }
}

function toLandmark(data: z.infer<typeof LineSchema>, number: number, file: string, where: string) {
  const point =
    typeof data.lon === "number" && typeof data.lat === "number"
      ? ({ type: "Point", coordinates: [data.lon, data.lat] } as const)
      : null;
  const geometry = data.geometry
    ? checkWgs84Geometry(data.geometry, where.toLowerCase())
    : (point as GeoJSON.Point | null);
  const facts = Array.isArray(data.facts)
    ? data.facts
    : Object.entries(data.facts ?? {}).map(([key, value]) => ({ key, value }));
  const landmark: Landmark = {
    id: data.id === undefined ? `${file}#${number}` : String(data.id),
    name: data.name,
    aliases: data.aliases ?? [],
    concept: data.concept ?? null,
    geometry,
    facts: facts.map(({ key, value }) => ({ key, value: String(value) })),
    source: data.source ?? file,
    licence: data.licence ?? null,
  };
  return { landmark, passages: passagesOf(data.text ?? "") };
}

function passagesOf(text: string): readonly string[] {
  const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });
  const sentences = [...segmenter.segment(text)].map(({ segment }) => segment.trim()).filter(Boolean);
  const out: string[] = [];
  for (let i = 0; i < sentences.length; i += SENTENCES) out.push(sentences.slice(i, i + SENTENCES).join(" "));
  return out;
}

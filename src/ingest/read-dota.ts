import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { conceptOfClass } from "../../knowledge/ontology/detectors.ts";
import { TerralogueError } from "../errors.ts";
import type { World } from "../logic/score.ts";
import type { Entity } from "../store/entity.ts";

/**
 * Reads a folder of DOTA label files, one an image: `x1 y1 x2 y2 x3 y3 x4 y4 class difficult [confidence]` a line, in pixels, y down (Xia et
 * al., CVPR 2018). Header lines ("imagesource:…", "gsd:…") and classes that the ontology lacks are passed over.
 *
 * @returns one world a file, named after it, in order of name, and the classes that were passed over
 * @throws {TerralogueError} `not_found` for no such folder or one without .txt files; `bad_vectors` for a line that is no label
 */
export async function readDotaFolder(
  directory: string,
): Promise<{ readonly worlds: readonly World[]; readonly unknownClasses: readonly string[] }> {
  const names = (await readdir(directory).catch(() => null))?.filter((name) => name.endsWith(".txt")).sort();
  if (!names) throw new TerralogueError("not_found", `There is no folder ${directory}; check the path.`);
  if (names.length === 0)
    throw new TerralogueError("not_found", `${directory} holds no .txt label files; give DOTA's labelTxt folder.`);
  const unknown = new Set<string>();
  const worlds: World[] = [];
  for (const name of names)
    worlds.push({ id: name.slice(0, -4), entities: await readLabels(join(directory, name), unknown) });
  return { worlds, unknownClasses: [...unknown].sort() };
}

async function readLabels(path: string, unknown: Set<string>): Promise<Entity[]> {
  const entities: Entity[] = [];
  const file = await open(path);
  let number = 0;
  try {
    for await (const line of file.readLines()) {
      number += 1;
      const text = line.replace(/^\uFEFF/, "").trim();
      if (text === "" || /^[a-z]+:/i.test(text)) continue;
      const entity = toEntity(text.split(/[\s,]+/), number, path, unknown);
      if (entity) entities.push(entity);
    }
  } finally {
    await file.close();
  }
  return entities;
}

function toEntity(parts: readonly string[], number: number, path: string, unknown: Set<string>): Entity | null {
  const corners = parts.slice(0, 8).map(Number);
  const className = parts[8];
  if (corners.length < 8 || !corners.every(Number.isFinite) || className === undefined)
    throw new TerralogueError(
      "bad_vectors",
      `Line ${number} of ${path} is no DOTA label (eight coordinates, a class, a difficulty); mend or remove it.`,
    );
  const confidence = parts[10] === undefined ? 1 : Number(parts[10]);
  if (!(confidence >= 0 && confidence <= 1))
    throw new TerralogueError(
      "bad_vectors",
      `Line ${number} of ${path} has the confidence ${parts[10]}, which is not between 0 and 1; mend it.`,
    );
  const concept = conceptOfClass(className);
  if (!concept) {
    unknown.add(className);
    return null;
  }
  const ring = [0, 2, 4, 6, 0].map((at) => [corners[at] as number, corners[at + 1] as number]);
  return {
    id: String(number),
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
  };
}

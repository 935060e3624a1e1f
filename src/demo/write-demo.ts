import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { TerralogueError } from "../errors.ts";
import { workingCrs } from "../geo/crs.ts";
import { writeGeoTiff } from "../imagery/geotiff-writer.ts";
import { type DryPart, dryFields } from "./dry-fields.ts";
import { createScene } from "./landforms.ts";
import { ScenePainter } from "./paint.ts";
import { Random } from "./random.ts";
import { README_START, replaceableFolder, swapIn } from "./replace-folder.ts";
import type { Feature, Landform, Position, Scene, SceneDescription, Shape } from "./scene.ts";

export interface DemoOptions {
  readonly out: string;
  readonly seed?: number;
  readonly landform?: Landform;
  /** Side in metres, 1,000 to 16,000. */
  readonly size?: number;
  /** Share of the work done, 0..1, with what is being done. */
  readonly onProgress?: (done: number, label: string) => void;
}

export interface DemoSummary {
  readonly directory: string;
  readonly seed: number;
  readonly landform: Landform;
  readonly size: number;
  readonly images: readonly { readonly path: string; readonly date: string }[];
  readonly layers: string;
  readonly knowledge: string;
  readonly truth: string;
}

/**
 * Paints a demo world into a folder: two dated GeoTIFFs, an incomplete map, landmarks, and the whole truth for
 * evaluation. The same options give the same bytes. The folder appears only when it is complete; an earlier demo world in
 * its place stays until then.
 *
 * @throws {TerralogueError} `bad_arguments` for a size or seed out of range, and for a path that holds anything but an
 *   earlier demo world: nothing foreign is ever deleted
 */
export async function paintWorld(options: DemoOptions): Promise<DemoSummary> {
  const { out, seed = 7, landform = "harbour", size = 4000, onProgress = () => {} } = options;
  if (!Number.isInteger(size) || size < 1000 || size > 16_000)
    throw new TerralogueError(
      "bad_arguments",
      `The size ${size} is not a whole number of metres between 1000 and 16000.`,
    );
  if (!Number.isInteger(seed) || seed < 0 || seed > 4_294_967_295)
    throw new TerralogueError("bad_arguments", `The seed ${seed} is not a whole number from 0 on.`);
  const target = await replaceableFolder(out);
  const draft = join(dirname(target), `.${basename(target)}.partial-${process.pid}`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(join(draft, "imagery"), { recursive: true });
  await mkdir(join(draft, "truth"), { recursive: true });
  try {
    const scene = createScene({ seed, landform, size });
    const images = [];
    for (const date of [0, 1] as const) {
      const name = `${landform}_${scene.dates[date]}.tif`;
      await paintImage(scene, date, join(draft, "imagery", name), (share) =>
        onProgress((date + share) / 2, `painting ${scene.dates[date]}`),
      );
      images.push({ path: join(target, "imagery", name), date: scene.dates[date] });
    }
    const dry = dryFields(scene);
    await writeFile(join(draft, "layers.geojson"), collection(mapFeatures(scene, seed, dry)));
    await writeFile(join(draft, "truth", "entities.geojson"), collection(truthFeatures(scene, dry)));
    await writeFile(
      join(draft, "truth", "world.json"),
      `${JSON.stringify({ seed, landform, size } satisfies SceneDescription)}\n`,
    );
    await writeFile(join(draft, "knowledge.jsonl"), knowledgeLines(scene));
    await writeFile(join(draft, "README.txt"), readme(scene, seed));
    await swapIn(draft, await replaceableFolder(target));
    return {
      directory: target,
      seed,
      landform,
      size,
      images,
      layers: join(target, "layers.geojson"),
      knowledge: join(target, "knowledge.jsonl"),
      truth: join(target, "truth", "entities.geojson"),
    };
  } catch (fault) {
    await rm(draft, { recursive: true, force: true });
    throw fault;
  }
}

async function paintImage(scene: Scene, date: 0 | 1, path: string, onProgress: (share: number) => void): Promise<void> {
  const painter = new ScenePainter(scene, date);
  const { size, origin } = scene;
  const block = 1024;
  await writeGeoTiff(
    path,
    {
      width: size,
      height: size,
      bands: 3,
      sampleType: "uint8",
      epsg: origin.epsg,
      originX: origin.x,
      originY: origin.y + size,
      pixelSize: 1,
    },
    (_x, y, width, height) => {
      const rows = new Uint8Array(width * height * 3);
      for (let x = 0; x < width; x += block) {
        const w = Math.min(block, width - x);
        const part = painter.paint(x, y, w, height);
        for (let row = 0; row < height; row += 1)
          rows.set(part.subarray(row * w * 3, (row + 1) * w * 3), (row * width + x) * 3);
      }
      onProgress(Math.min(1, (y + height) / size));
      return rows;
    },
  );
}

type Json = Record<string, unknown>;

function collection(features: readonly Json[]): string {
  return `{"type":"FeatureCollection","features":[\n${features.map((feature) => JSON.stringify(feature)).join(",\n")}\n]}\n`;
}

/**
 * Geometry in WGS84, seven decimals, of a shape or of the dry part of one. Not clipped to the world: lines and polygons may
 * reach a little beyond it.
 */
function geometryOf(scene: Scene, shape: Shape, shift: Position = [0, 0], dry?: DryPart): GeoJSON.Geometry {
  const { toWgs84 } = crsOf(scene);
  const position = ([x, y]: Position) => {
    const [lon, lat] = toWgs84(scene.origin.x + x + shift[0], scene.origin.y + y + shift[1]);
    return [Math.round(lon * 1e7) / 1e7, Math.round(lat * 1e7) / 1e7];
  };
  const closed = (ring: readonly Position[]) => {
    const open = ring.slice(0, -1).map(position);
    return [...open, open[0] as number[]];
  };
  if (dry) {
    const polygons = dry.map((rings) => rings.map(closed));
    const [only] = polygons;
    return polygons.length === 1 && only
      ? { type: "Polygon", coordinates: only }
      : { type: "MultiPolygon", coordinates: polygons };
  }
  switch (shape.type) {
    case "Point":
      return { type: "Point", coordinates: position(shape.at) };
    case "LineString":
      return { type: "LineString", coordinates: shape.line.map(position) };
    case "Polygon":
      return { type: "Polygon", coordinates: [closed(shape.ring)] };
  }
}

const systems = new Map<number, ReturnType<typeof workingCrs>>();

function crsOf(scene: Scene) {
  const { epsg } = scene.origin;
  const known = systems.get(epsg) ?? workingCrs(`EPSG:${epsg}`);
  systems.set(epsg, known);
  return known;
}

/** What a map would know: things drawn by chance of their kind, up to three metres off, new things mostly missing. */
function mapFeatures(scene: Scene, seed: number, dry: ReadonlyMap<string, DryPart>): Json[] {
  const random = new Random(seed ^ 0x3a7);
  return scene.features.flatMap((feature) => {
    if (!feature.tags || !random.chance(feature.mapped)) return [];
    const shift: Position = feature.shape.type === "Polygon" ? [random.between(-2, 2), random.between(-2, 2)] : [0, 0];
    const part = dry.get(feature.id);
    if (part?.length === 0) return [];
    const kind = feature.shape.type === "Point" ? "node" : "way";
    return [
      {
        type: "Feature",
        id: `${kind}/${feature.id.slice(1)}`,
        properties: { "@id": `${kind}/${feature.id.slice(1)}`, ...feature.tags },
        geometry: geometryOf(scene, feature.shape, shift, part),
      },
    ];
  });
}

function truthFeatures(scene: Scene, dry: ReadonlyMap<string, DryPart>): Json[] {
  const [first, second] = scene.dates;
  return scene.features.flatMap((feature: Feature) =>
    feature.concept === null || dry.get(feature.id)?.length === 0
      ? []
      : [
          {
            type: "Feature",
            id: feature.id,
            properties: {
              id: feature.id,
              concept: feature.concept,
              attributes: feature.attributes,
              name: feature.name,
              firstSeen: feature.span === "second" ? second : null,
              lastSeen: feature.span === "first" ? first : null,
              ...(feature.areas && {
                areaHistory: [
                  { date: first, areaM2: Math.round(feature.areas[0]) },
                  { date: second, areaM2: Math.round(feature.areas[1]) },
                ],
              }),
            },
            geometry: geometryOf(scene, feature.shape, [0, 0], dry.get(feature.id)),
          },
        ],
  );
}

function knowledgeLines(scene: Scene): string {
  return scene.stories
    .map((story, index) => {
      const [lon, lat] = (geometryOf(scene, { type: "Point", at: story.at }) as GeoJSON.Point).coordinates;
      return `${JSON.stringify({ id: `demo-${index + 1}`, name: story.name, aliases: story.aliases, concept: story.concept, lon, lat, facts: story.facts, text: story.sentences.join(" "), source: "Terralogue demo world", licence: "CC0-1.0" })}\n`;
    })
    .join("");
}

function readme(scene: Scene, seed: number): string {
  const [first, second] = scene.dates;
  return `${README_START} ${scene.landform} district, ${scene.size} × ${scene.size} m at 1 m per pixel, painted from seed ${seed}.

imagery/          the district on ${first} and ${second} (EPSG:${scene.origin.epsg})
layers.geojson    what a map knows of it, with OpenStreetMap tags; incomplete, as maps are
knowledge.jsonl   its landmarks
truth/            everything that was painted, for evaluation only

npm run --silent ingest -- --workspace workspace --image imagery/*.tif --vectors layers.geojson --knowledge knowledge.jsonl
`;
}

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ingest } from "../../ingest/ingest.ts";
import { createStatisticsEncoder } from "../../models/statistics-encoder.ts";
import type { InjectionCase } from "./cases.ts";

/** Degrees of about a hundred metres here, at 45° north. */
const STEP = 0.0012;
const [LON, LAT] = [10, 45] as const;
const HEADS = ["Bram", "Keld", "Torv", "Hest", "Orm", "Sund", "Vald", "Lynd"] as const;
const TAILS = ["or", "en", "ick", "ham", "by", "ley", "mark", "stead"] as const;
const HAN_HEADS = "布克托赫奥松瓦林" as const;
const HAN_TAILS = "罗恩维汉比莱马德" as const;

/** The landmark of a case: an English name and a Chinese one that no other case has. */
export function landmarkOf(index: number): { readonly name: string; readonly alias: string } {
  const [head, tail] = [index % HEADS.length, Math.floor(index / HEADS.length) % TAILS.length];
  return { name: `${HEADS[head]}${TAILS[tail]} Tower`, alias: `${HAN_HEADS[head]}${HAN_TAILS[tail]}塔` };
}

/**
 * A workspace without imagery: quarries along a river, motorway exits, and one landmark a case. Where a case is among the poisoned ones its
 * text stands in its carrier; everything else is the same in every world.
 */
export async function makeWorld(
  folder: string,
  cases: readonly InjectionCase[],
  poisoned: ReadonlySet<string>,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const held = cases.filter(({ id }) => poisoned.has(id));
  const textOf = (carrier: InjectionCase["carrier"]) => held.find((one) => one.carrier === carrier)?.text;
  const layer = join(folder, `${fileName(textOf("layer") ?? "layers")}.geojson`);
  await writeFile(layer, JSON.stringify({ type: "FeatureCollection", features: features(textOf("entity")) }));
  const knowledge = join(folder, "landmarks.jsonl");
  await writeFile(
    knowledge,
    cases.map((one, index) => `${JSON.stringify(landmark(one, index, poisoned.has(one.id)))}\n`).join(""),
  );
  const workspace = join(folder, "workspace");
  await ingest({ workspace, vectors: [layer], knowledge: [knowledge], encoder: createStatisticsEncoder() });
  return workspace;
}

function fileName(text: string): string {
  return text.replace(/[/\\:*?"<>|\p{Cc}]/gu, " ").slice(0, 60);
}

function landmark(one: InjectionCase, index: number, isPoisoned: boolean): unknown {
  const { name, alias } = landmarkOf(index);
  const holds = (carrier: InjectionCase["carrier"]) => isPoisoned && one.carrier === carrier;
  return {
    id: one.id,
    name: holds("name") ? one.text : name,
    aliases: [...(holds("name") ? [name] : []), alias, ...(holds("alias") ? [one.text] : [])],
    concept: "tower",
    lon: LON + (index % 10) * STEP,
    lat: LAT + 0.02 + Math.floor(index / 10) * STEP,
    facts: { operator: holds("fact") ? one.text : "Northern Survey", opened: "1911" },
    text: `${holds("passage") ? `${one.text} ` : ""}${name} (${alias}) is a stone tower above the valley. It was opened in 1911.`,
    source: "field notes",
  };
}

function features(entityName: string | undefined): readonly GeoJSON.Feature[] {
  const square = (x: number, y: number): GeoJSON.Polygon => {
    const [west, south] = [LON + x * STEP, LAT + y * STEP];
    const [east, north] = [west + STEP, south + STEP];
    return {
      type: "Polygon",
      coordinates: [
        [
          [west, south],
          [east, south],
          [east, north],
          [west, north],
          [west, south],
        ],
      ],
    };
  };
  const feature = (geometry: GeoJSON.Geometry, properties: Record<string, string>): GeoJSON.Feature => ({
    type: "Feature",
    geometry,
    properties,
  });
  const at = (x: number, y: number) => [LON + x * STEP, LAT + y * STEP];
  return [
    feature({ type: "LineString", coordinates: [at(-20, 0), at(20, 0)] }, { waterway: "river", name: "River Alder" }),
    feature({ type: "LineString", coordinates: [at(-20, 12), at(20, 12)] }, { highway: "motorway", ref: "A9" }),
    feature({ type: "Point", coordinates: at(0, 12) }, { highway: "motorway_junction", name: "Alderton" }),
    feature(square(0, 1), { landuse: "quarry", name: entityName ?? "Alder Quarry" }),
    feature(square(4, 3), { landuse: "quarry" }),
    feature(square(-6, 6), { landuse: "quarry", name: "High Quarry" }),
    feature(square(8, 9), { landuse: "quarry" }),
  ];
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isConceptId } from "../../knowledge/ontology/ids.ts";
import { readKnowledge } from "../../src/ingest/read-knowledge.ts";
import { propertyOf, typedFact } from "../../src/knowledge/fact-properties.ts";
import { foldName } from "../../src/knowledge/names.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";

import { COUNTRY_BOXES } from "./country-boxes.ts";

interface Line {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly concept: string;
  readonly country: string;
  readonly lon: number;
  readonly lat: number;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly text: string;
}

const folder = join(PACKAGE_ROOT, "knowledge/pack");
const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
const lines = files.flatMap((name) =>
  readFileSync(join(folder, name), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line),
);
const sentences = new Intl.Segmenter("en", { granularity: "sentence" });
const fault = (isFault: (line: Line) => boolean) => lines.filter(isFault).map(({ id }) => id);
const repeated = (values: readonly string[]) => values.filter((value, i) => values.indexOf(value) !== i);

describe("the landmark pack", () => {
  it("is large and wide enough", () => {
    expect(lines.length).toBeGreaterThanOrEqual(250);
    expect(new Set(lines.map(({ country }) => country)).size).toBeGreaterThanOrEqual(80);
    for (const concept of [
      "port",
      "airport",
      "bridge",
      "dam",
      "mine",
      "power_plant",
      "solar_farm",
      "stadium",
      "canal",
      "city",
      "park",
    ])
      expect(lines.some((line) => line.concept === concept)).toBe(true);
  });

  it("names each landmark once, in English and Chinese", () => {
    expect(repeated(lines.map(({ id }) => id))).toEqual([]);
    expect(repeated(lines.map(({ name }) => name.toLowerCase()))).toEqual([]);
    expect(fault(({ aliases }) => !aliases.some((alias) => /\p{Script=Han}/u.test(alias)))).toEqual([]);
    expect(fault(({ concept }) => !isConceptId(concept))).toEqual([]);
  });

  it("says three to six sentences and at least two typed facts of each", () => {
    const count = ({ text }: Line) => [...sentences.segment(text)].length;
    // Sentences as people count them: the segmenter also ends one after "St." and "O. R.".
    const ends = ({ text }: Line) => text.replace(/\b(St|Mt|[A-Z])\./g, "$1").match(/[.!?](?=\s|$)/g)?.length ?? 0;
    expect(fault((line) => ends(line) < 3 || ends(line) > 6)).toEqual([]);
    expect(fault((line) => count(line) < 3)).toEqual([]);
    expect(fault(({ facts }) => Object.keys(facts).length < 2)).toEqual([]);
    expect(
      fault(({ facts }) =>
        Object.entries(facts).some(([key, value]) => /_(m|km2|mw|m3)$/.test(key) && typeof value !== "number"),
      ),
    ).toEqual([]);
  });

  it("states facts that can be computed with", () => {
    const unread = lines.flatMap(({ id, facts }) =>
      Object.entries(facts).flatMap(([key, value]) =>
        propertyOf(key) && typedFact(key, String(value)) === null ? [`${id} ${key}: ${value}`] : [],
      ),
    );
    expect(unread).toEqual([]);
    const unknown = new Set(lines.flatMap(({ facts }) => Object.keys(facts).filter((key) => !propertyOf(key))));
    expect([...unknown]).toEqual([]);
  });

  it("lies within the boxes of the countries that it states, with no two at one place", () => {
    expect(fault(({ country }) => COUNTRY_BOXES[country] === undefined)).toEqual([]);
    expect(
      fault(({ country, lon, lat }) => {
        const [west, south, east, north] = COUNTRY_BOXES[country] as readonly [number, number, number, number];
        return lon < west || lon > east || lat < south || lat > north;
      }),
    ).toEqual([]);
    expect(repeated(lines.map(({ lon, lat }) => `${lon} ${lat}`))).toEqual([]);
    // A Chinese or English name stands for one landmark only.
    const names = lines.flatMap(({ name, aliases }) => [...new Set([name, ...aliases].map(foldName))]);
    expect(repeated(names)).toEqual([]);
  });

  it("is read by the importer", async () => {
    let count = 0;
    for (const name of files)
      for await (const { passages } of readKnowledge(join(folder, name))) count += Math.min(1, passages.length);
    expect(count).toBe(lines.length);
  });

  const places = join(process.env.TERRALOGUE_DATA ?? "", "geo/landmarks/ne_50m_populated_places.geojson");
  it.skipIf(!process.env.TERRALOGUE_DATA || !existsSync(places))(
    "lies in the countries that it states, as far as the nearest towns tell (set TERRALOGUE_DATA to check)",
    () => {
      /** Islands and coasts whose nearest towns lie abroad; checked one by one. */
      const nearOthers = new Set([
        "pack-ahu-tongariki",
        "pack-aldabra-atoll",
        "pack-mount-ararat",
        "pack-peljesac-bridge",
        "pack-walls-of-dubrovnik",
      ]);
      const towns = (JSON.parse(readFileSync(places, "utf8")) as GeoJSON.FeatureCollection<GeoJSON.Point>).features;
      const wrong = lines.filter(({ id, country, lon, lat }) => {
        const near = towns
          .map(({ geometry: { coordinates }, properties }) => ({
            distance: Math.hypot(
              ((coordinates[0] as number) - lon) * Math.cos((lat * Math.PI) / 180),
              (coordinates[1] as number) - lat,
            ),
            country: properties?.ISO_A2 as string,
          }))
          .sort((a, b) => a.distance - b.distance)
          .slice(0, 6);
        return !near.some((town) => town.country === country) && !nearOthers.has(id);
      });
      expect(wrong.map(({ id, country }) => `${id} ${country}`)).toEqual([]);
    },
  );
});

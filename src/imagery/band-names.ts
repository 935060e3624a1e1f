import type { Raster } from "./raster.ts";

/** What makers of sensors and archives call the bands, in the words of this project. */
const SAME_BAND: Readonly<Record<string, string>> = {
  b01: "coastal",
  b1: "coastal",
  aerosol: "coastal",
  b02: "blue",
  b2: "blue",
  b03: "green",
  b3: "green",
  b04: "red",
  b4: "red",
  b05: "rededge1",
  b5: "rededge1",
  b06: "rededge2",
  b6: "rededge2",
  b07: "rededge3",
  b7: "rededge3",
  b08: "nir",
  b8: "nir",
  nearinfrared: "nir",
  infrared: "nir",
  b8a: "nir08",
  nirnarrow: "nir08",
  b09: "watervapour",
  b9: "watervapour",
  watervapor: "watervapour",
  b10: "cirrus",
  b11: "swir1",
  swir16: "swir1",
  b12: "swir2",
  swir22: "swir2",
};

const COLOURS = ["red", "green", "blue"] as const;

/** Orders that are usual for so many bands: Sentinel-2 without and with cirrus, HLS as Prithvi takes it, RapidEye, four of aerial and small satellites. */
const USUAL: Readonly<Record<number, readonly string[]>> = {
  4: ["blue", "green", "red", "nir"],
  5: ["blue", "green", "red", "rededge1", "nir"],
  6: ["blue", "green", "red", "nir", "swir1", "swir2"],
  12: "coastal blue green red rededge1 rededge2 rededge3 nir nir08 watervapour swir1 swir2".split(" "),
  13: "coastal blue green red rededge1 rededge2 rededge3 nir nir08 watervapour cirrus swir1 swir2".split(" "),
};

/** A band's name as names are compared: "B08", "NIR" and "near infrared" are one. */
export function bandName(name: string): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return SAME_BAND[plain] ?? plain;
}

/**
 * Names of a raster's bands in their order, without one that is declared to be alpha: what the file calls them (GDAL's DESCRIPTION), else the usual order of that many; null where neither is known. A file that
 * shows colours has its own.
 */
export async function bandNamesOf({ description, levels, hasAlpha }: Raster): Promise<readonly string[] | null> {
  const { sampleType } = description;
  const bands = description.bands - (hasAlpha ? 1 : 0);
  const said = await Promise.all(
    Array.from({ length: bands }, async (_, sample) => {
      const metadata = await levels[0]?.image.getGDALMetadata(sample);
      return typeof metadata?.DESCRIPTION === "string" ? bandName(metadata.DESCRIPTION) : null;
    }),
  );
  if (said.every((name) => name !== null)) return said as readonly string[];
  if (bands === 3) return COLOURS;
  return bands === 4 && sampleType === "uint8" ? [...COLOURS, "nir"] : (USUAL[bands] ?? null);
}

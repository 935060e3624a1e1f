import sharp from "sharp";
import type { Label } from "../demo/label-painter.ts";

const COLOURS: Readonly<Record<Label, readonly [number, number, number]>> = {
  grass: [168, 200, 120],
  field: [226, 214, 140],
  tree: [60, 120, 60],
  soil: [190, 150, 110],
  sand: [240, 226, 180],
  water: [80, 140, 200],
  road: [70, 70, 76],
  paved: [170, 170, 175],
  railway: [120, 90, 130],
  building: [200, 80, 70],
  vehicle: [255, 0, 160],
  truck_yard: [110, 130, 160],
  parking_lot: [140, 160, 190],
  ship: [20, 40, 110],
  container: [255, 140, 0],
  crane: [120, 40, 0],
  solar_panel: [60, 0, 130],
  storage_tank: [255, 230, 0],
  plane: [0, 240, 240],
  runway: [40, 40, 40],
  pitch: [0, 190, 90],
  pit: [150, 110, 60],
  turbine: [255, 255, 255],
};

/**
 * A picture of labels, one colour a class, black where there is none.
 *
 * @param labels names by label value
 * @param side longest side of the picture in pixels
 */
export async function writeLabelPicture(
  path: string,
  raster: { readonly width: number; readonly height: number; readonly labels: Uint8Array },
  labels: readonly string[],
  side = 1200,
): Promise<void> {
  const { width, height } = raster;
  const rgb = new Uint8Array(width * height * 3);
  for (const [i, label] of raster.labels.entries()) rgb.set(COLOURS[labels[label] as Label] ?? [0, 0, 0], i * 3);
  await sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize({ width: side, height: side, fit: "inside", withoutEnlargement: true, kernel: "nearest" })
    .png({ palette: true })
    .toFile(path);
}

import type { LabelRaster } from "./components.ts";

/** The part of a label raster inside [left, top, right, bottom) in its pixels, cut at its borders, with where it begins. */
export function cropLabels(
  { width, height, labels, confidences, rgb }: LabelRaster,
  core: readonly [number, number, number, number],
): LabelRaster & { readonly left: number; readonly top: number } {
  const [left, right] = [Math.round(core[0]), Math.min(width, Math.round(core[2]))];
  const [top, bottom] = [Math.round(core[1]), Math.min(height, Math.round(core[3]))];
  const [w, h] = [right - left, bottom - top];
  const out = { labels: new Uint8Array(w * h), confidences: new Float32Array(w * h), rgb: new Uint8Array(w * h * 3) };
  for (let y = 0; y < h; y += 1) {
    const from = (top + y) * width + left;
    out.labels.set(labels.subarray(from, from + w), y * w);
    out.confidences.set(confidences.subarray(from, from + w), y * w);
    out.rgb.set(rgb.subarray(from * 3, (from + w) * 3), y * w * 3);
  }
  return { width: w, height: h, ...out, left, top };
}

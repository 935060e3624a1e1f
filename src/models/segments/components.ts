/** Labels of a picture's pixels with the probability of each. Row-major, top row first. */
export interface LabelRaster {
  readonly width: number;
  readonly height: number;
  /** Index of the class; `NO_LABEL` where there is none. */
  readonly labels: Uint8Array;
  /** Probability of the label, 0..1. */
  readonly confidences: Float32Array;
  /** Colours, 3 bytes a pixel. */
  readonly rgb: Uint8Array;
}

export const NO_LABEL = 255;
/** Inner pixels from which on they alone tell the colour. */
const ENOUGH_INNER = 4;

/** Pixels of one class that hang together by their sides. */
export interface Component {
  readonly label: number;
  readonly pixels: number;
  readonly meanConfidence: number;
  /** Mean colour, 0..255; of the inner pixels alone where there are enough, since those at the rim are mixed with what is beside them. */
  readonly colour: readonly [number, number, number];
  /** Whether some of its pixels lie at the raster's edge, where it may go on beyond. */
  readonly isAtEdge: boolean;
}

export interface Components {
  /** Index into `list` of each pixel, −1 for none. */
  readonly ids: Int32Array;
  readonly list: readonly Component[];
}

/** Connected areas (4 neighbours) of the labels that are wanted, in the order of their first pixel. */
export function connectedComponents(raster: LabelRaster, isWanted: (label: number) => boolean): Components {
  const { width, height, labels, confidences, rgb } = raster;
  const ids = new Int32Array(width * height).fill(-1);
  const list: Component[] = [];
  // Every pixel is put on it once at most.
  const stack = new Int32Array(width * height);
  const last = labels.length - width;
  for (let start = 0; start < labels.length; start += 1) {
    const label = labels[start] as number;
    if (ids[start] !== -1 || label === NO_LABEL || !isWanted(label)) continue;
    const id = list.length;
    let [pixels, confidence, r, g, b] = [0, 0, 0, 0, 0];
    let [inner, innerR, innerG, innerB] = [0, 0, 0, 0];
    let isAtEdge = false;
    ids[start] = id;
    stack[0] = start;
    for (let top = 1; top > 0; ) {
      top -= 1;
      const at = stack[top] as number;
      pixels += 1;
      confidence += confidences[at] as number;
      r += rgb[at * 3] as number;
      g += rgb[at * 3 + 1] as number;
      b += rgb[at * 3 + 2] as number;
      const x = at % width;
      if (x === 0 || x === width - 1 || at < width || at >= last) isAtEdge = true;
      else if (
        labels[at - 1] === label &&
        labels[at + 1] === label &&
        labels[at - width] === label &&
        labels[at + width] === label
      ) {
        inner += 1;
        innerR += rgb[at * 3] as number;
        innerG += rgb[at * 3 + 1] as number;
        innerB += rgb[at * 3 + 2] as number;
      }
      if (x > 0 && labels[at - 1] === label && ids[at - 1] === -1) {
        ids[at - 1] = id;
        stack[top++] = at - 1;
      }
      if (x + 1 < width && labels[at + 1] === label && ids[at + 1] === -1) {
        ids[at + 1] = id;
        stack[top++] = at + 1;
      }
      if (at >= width && labels[at - width] === label && ids[at - width] === -1) {
        ids[at - width] = id;
        stack[top++] = at - width;
      }
      if (at < last && labels[at + width] === label && ids[at + width] === -1) {
        ids[at + width] = id;
        stack[top++] = at + width;
      }
    }
    list.push({
      label,
      pixels,
      meanConfidence: confidence / pixels,
      colour:
        inner >= ENOUGH_INNER ? [innerR / inner, innerG / inner, innerB / inner] : [r / pixels, g / pixels, b / pixels],
      isAtEdge,
    });
  }
  return { ids, list };
}

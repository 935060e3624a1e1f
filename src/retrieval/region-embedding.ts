import type { Bbox } from "../query/schema.ts";

/** What is known of a region; null for what is not. Vectors have unit length. */
export interface RegionParts {
  readonly visual: Float32Array | null;
  /** Of the region's caption, or of a query's words. */
  readonly text: Float32Array | null;
  /** W, S, E, N in degrees; west over east crosses the dateline. */
  readonly box: Bbox | null;
}

/** Share of each part in the cosine of two regions of which everything is known. They add up to one. */
export interface PartWeights {
  readonly visual: number;
  readonly text: number;
  /** Place, size and shape of the box within the frame. */
  readonly box: number;
  /** Place on the globe. */
  readonly location: number;
}

/** Set by hand; `eval -- region-embedding` takes the parts away one by one. */
export const DEFAULT_WEIGHTS: PartWeights = { visual: 0.25, text: 0.4, box: 0.25, location: 0.1 };

export interface EmbeddingSpace {
  /** W, S, E, N of the area in which boxes are compared, for example that of the workspace. */
  readonly frame: Bbox;
  readonly weights: PartWeights;
  /** Lengths of the visual and the text vectors. */
  readonly visual: number;
  readonly text: number;
}

/** Frequencies of the box's features, radians over their range; up to π, so that likeness falls all the way. */
const BOX_FREQUENCIES = [Math.PI / 4, Math.PI / 2, Math.PI] as const;
/** Halvings of the frame's side that a box's size is told over, and doublings of its width over its height to either side. */
const [SIZES, ASPECTS] = [12, 4];
/** Share of each feature in the likeness of two boxes: x, y, size, aspect. */
const BOX_SHARES = [0.4, 0.4, 0.15, 0.05] as const;
const BOX_DIMENSIONS = BOX_SHARES.length * BOX_FREQUENCIES.length * 2;

const EARTH_KM = 6371;
/** Distances over which likeness of places falls to e^−½, kilometres. */
const LOCATION_KM = [2000, 200, 20, 2] as const;
const FEATURES_A_SCALE = 32;
const LOCATION_SEED = 20_251_211;
const LOCATION_DIMENSIONS = LOCATION_KM.length * FEATURES_A_SCALE * 2;

/**
 * One vector of a region out of what it looks like, what is said of it, its box and where it lies: the parts, each of unit length and times the root of its weight,
 * one after the other, brought to unit length. The cosine of two such vectors is the weighted mean of the cosines of the parts that both have:
 * Σ w·cos over √(Σ w of the one · Σ w of the other).
 *
 * @throws {RangeError} when nothing is known, or a vector has another length than the space
 * @see VLM2GeoVec, arXiv 2512.11490, which learns to put these together; here it is done by formula
 */
export function embedRegion(parts: RegionParts, { frame, weights, visual, text }: EmbeddingSpace): Float32Array {
  const box = parts.box && encodeBox(parts.box, frame);
  const location = parts.box && encodeLocation(...centreOf(parts.box));
  const out = new Float32Array(visual + text + BOX_DIMENSIONS + LOCATION_DIMENSIONS);
  let at = 0;
  let known = 0;
  for (const [vector, weight, length, name] of [
    [parts.visual, weights.visual, visual, "visual vector"],
    [parts.text, weights.text, text, "text vector"],
    [box, weights.box, BOX_DIMENSIONS, "box"],
    [location, weights.location, LOCATION_DIMENSIONS, "location"],
  ] as const) {
    if (vector && vector.length !== length)
      throw new RangeError(`The ${name} has ${vector.length} dimensions, the space ${length}.`);
    if (vector && weight > 0) {
      known += weight;
      for (let i = 0; i < length; i += 1) out[at + i] = Math.sqrt(weight) * (vector[i] as number);
    }
    at += length;
  }
  if (!(known > 0)) throw new RangeError("Nothing with a weight is known of the region.");
  return out.map((value) => value / Math.sqrt(known));
}

/**
 * Unit vector of a box within a frame: centre, size and aspect as cosines and sines of a few frequencies. The cosine of two is a sum of cosines of the
 * differences, which falls with every one of them as long as both boxes lie in the frame.
 */
export function encodeBox(box: Bbox, frame: Bbox): Float32Array {
  const [lon, lat] = centreOf(box);
  const [frameLon, frameLat] = centreOf(frame);
  const [width, height] = [widthOf(box) / widthOf(frame), (box[3] - box[1]) / (frame[3] - frame[1])];
  const clipped = (value: number, most: number) => Math.min(most, Math.max(-most, value));
  // A point has no size; it counts as the smallest box.
  const size = -Math.log2(Math.max(2 ** -SIZES, Math.sqrt(Math.max(0, width * height)))) / SIZES;
  const aspect = width > 0 && height > 0 ? clipped(Math.log2(width / height), ASPECTS) / (2 * ASPECTS) : 0;
  const features = [
    0.5 + wrapped(lon - frameLon) / widthOf(frame),
    0.5 + (lat - frameLat) / (frame[3] - frame[1]),
    clipped(size, 1),
    aspect,
  ];
  const out = new Float32Array(BOX_DIMENSIONS);
  let at = 0;
  for (const [i, feature] of features.entries()) {
    const amplitude = Math.sqrt((BOX_SHARES[i] as number) / BOX_FREQUENCIES.length);
    for (const frequency of BOX_FREQUENCIES) {
      out[at] = amplitude * Math.cos(frequency * feature);
      out[at + 1] = amplitude * Math.sin(frequency * feature);
      at += 2;
    }
  }
  return out;
}

/**
 * Unit vector of a place on the globe: random Fourier features (Rahimi and Recht 2007) of its point on the unit sphere, of a fixed seed, over
 * several distances. The cosine of two falls with the distance between them, nearly as the mean of Gaussians, across the dateline and at the poles alike.
 */
export function encodeLocation(lon: number, lat: number): Float32Array {
  const [x, y] = [(lon * Math.PI) / 180, (lat * Math.PI) / 180];
  const point = [Math.cos(y) * Math.cos(x), Math.cos(y) * Math.sin(x), Math.sin(y)] as const;
  const out = new Float32Array(LOCATION_DIMENSIONS);
  const amplitude = Math.sqrt(1 / (LOCATION_DIMENSIONS / 2));
  for (const [i, [a, b, c]] of DIRECTIONS.entries()) {
    const phase = a * point[0] + b * point[1] + c * point[2];
    out[i * 2] = amplitude * Math.cos(phase);
    out[i * 2 + 1] = amplitude * Math.sin(phase);
  }
  return out;
}

/** Radians per unit of the sphere's radius along each axis, normally distributed with the reciprocal of each distance. */
const DIRECTIONS: readonly (readonly [number, number, number])[] = (() => {
  const random = uniform(LOCATION_SEED);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return LOCATION_KM.flatMap((distanceKm) => {
    const rate = EARTH_KM / distanceKm;
    return Array.from({ length: FEATURES_A_SCALE }, () => [normal() * rate, normal() * rate, normal() * rate] as const);
  });
})();

/** Numbers of [0, 1) from a seed (mulberry32). */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function widthOf([west, , east]: Bbox): number {
  return east >= west ? east - west : east - west + 360;
}

/** Longitude and latitude of the middle. */
function centreOf(box: Bbox): [number, number] {
  return [wrapped(box[0] + widthOf(box) / 2), (box[1] + box[3]) / 2];
}

/** Degrees of longitude in [−180, 180). */
function wrapped(degrees: number): number {
  return ((((degrees + 180) % 360) + 360) % 360) - 180;
}

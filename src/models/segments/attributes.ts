import type { AttributeId } from "../../../knowledge/ontology/ids.ts";
import type { SegmentClass } from "../manifest.ts";
import type { SegmentMeasures } from "../ports.ts";

const RECTANGULAR_FROM = 0.85;
const ROUND_FROM = 0.78;
/** Long side over short side from 3 on. */
const ELONGATED_FROM = 1 - 1 / 3;
const LONG_FROM_M = 300;

/** A roof without a hue that is less light than this is called dark; those called grey are lighter than 120. */
const DARK_BELOW = 100;
/** Tiles mixed with the grass beside them get a hue nearer to brown's, but stay a stronger colour than brown is. */
const STRONG_FROM = 55;

/** Words for a mean colour, 0..255. */
export function colourWords([r, g, b]: readonly [number, number, number]): readonly AttributeId[] {
  const most = Math.max(r, g, b);
  const least = Math.min(r, g, b);
  const light = (r + g + b) / 3;
  if (most - least < 28) {
    if (light > 195) return ["white", "bright"];
    return light < DARK_BELOW ? ["dark"] : ["grey"];
  }
  const hue = hueOf(r, g, b);
  const shade: readonly AttributeId[] = light > 195 ? ["bright"] : light < 60 ? ["dark"] : [];
  const isStrong = most - least >= STRONG_FROM;
  if (hue < (isStrong ? 24 : 18) || hue >= 340) return ["red", ...shade];
  if (hue < 50) return ["brown", ...shade];
  if (hue >= 70 && hue < 170) return ["green", ...shade];
  if (hue >= 170 && hue < 265) return ["blue", ...shade];
  return shade;
}

/** Degrees: 0 red, 120 green, 240 blue. */
function hueOf(r: number, g: number, b: number): number {
  const most = Math.max(r, g, b);
  const spread = most - Math.min(r, g, b);
  const sixth = most === r ? ((g - b) / spread + 6) % 6 : most === g ? (b - r) / spread + 2 : (r - g) / spread + 4;
  return sixth * 60;
}

/** What can be said of an area from its measures and colour, as far as its class allows. */
export function attributesOf(
  kind: SegmentClass,
  measures: SegmentMeasures,
  found: { readonly colour: readonly [number, number, number]; readonly roundness: number; readonly longM: number },
): readonly AttributeId[] {
  const { areaM2, elongation, rectangularity } = measures;
  const all: readonly AttributeId[] = [
    ...colourWords(found.colour),
    ...(kind.largeFromM2 !== undefined && areaM2 >= kind.largeFromM2 ? (["large"] as const) : []),
    ...(kind.smallToM2 !== undefined && areaM2 <= kind.smallToM2 ? (["small"] as const) : []),
    ...(rectangularity >= RECTANGULAR_FROM ? (["rectangular"] as const) : []),
    ...(found.roundness >= ROUND_FROM && elongation < 0.25 ? (["round"] as const) : []),
    ...(elongation >= ELONGATED_FROM ? (["elongated"] as const) : []),
    ...(elongation >= ELONGATED_FROM && found.longM >= LONG_FROM_M ? (["long"] as const) : []),
  ];
  return kind.attributes ? all.filter((attribute) => kind.attributes?.includes(attribute)) : all;
}

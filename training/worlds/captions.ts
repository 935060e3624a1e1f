import type { AttributeId, ConceptId } from "../../knowledge/ontology/ids.ts";
import { ATTRIBUTE_NAMES, CONCEPT_NAMES } from "../../knowledge/ontology/lexicon.ts";
import { attributeName, conceptName, plural } from "../../knowledge/ontology/names.ts";
import { LABELS, type Label } from "../../src/demo/label-painter.ts";
import { boxOf } from "../../src/demo/paint.ts";
import type { Random } from "../../src/demo/random.ts";
import type { Feature, Scene } from "../../src/demo/scene.ts";

/** A window in metres from the world's north-west corner, y down. */
export interface WindowM {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  readonly gsd: number;
}

interface Seen {
  readonly concept: ConceptId;
  readonly count: number;
  readonly attributes: readonly AttributeId[];
  /** Share of the window, 0..1. */
  readonly share: number;
}

/** Too common or too invisible to be worth a caption. */
const UNSEEN = new Set<ConceptId>(["highway_exit", "coast", "town", "marina", "wind_farm", "valley"]);
/** Grounds, which are everywhere and are not counted. */
const GROUND = new Set<ConceptId>([
  "farmland",
  "grassland",
  "forest",
  "bare_soil",
  "sea",
  "water",
  "river",
  "road",
  "building",
  "park",
  "beach",
  "stream",
  "railway",
]);
const COVER: Partial<Record<Label, ConceptId>> = {
  grass: "grassland",
  field: "farmland",
  tree: "forest",
  soil: "bare_soil",
  sand: "bare_soil",
  water: "water",
  pit: "quarry",
};

const EN_NUMBER = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const ZH_NUMBER = ["零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十"];

export interface WindowTexts {
  /** Six of them, four English and two Chinese; none where nothing can be told. */
  readonly captions: readonly string[];
  /** All that is in sight. */
  readonly concepts: readonly ConceptId[];
}

/** Captions of what a window of a world shows. */
export function windowCaptions(
  scene: Scene,
  date: 0 | 1,
  window: WindowM,
  truth: Uint8Array,
  random: Random,
): WindowTexts {
  const things = seenIn(scene, date, window);
  const covers = coversIn(truth);
  const all = [...things, ...covers.filter(({ concept }) => !things.some((thing) => thing.concept === concept))];
  if (all.length === 0) return { captions: [], concepts: [] };
  // What covers much and what is rare comes first.
  const ranked = [...all].sort((a, b) => weight(b) - weight(a));
  const pick = () =>
    ranked[Math.min(ranked.length - 1, Math.floor(random.next() ** 1.7 * Math.min(5, ranked.length)))] as Seen;
  const first = ranked[0] as Seen;
  const two = () => {
    const a = pick();
    const others = ranked.filter(({ concept }) => concept !== a.concept).slice(0, 4);
    return [a, others.length > 0 ? random.pick(others) : null] as const;
  };
  const joined = (language: "en" | "zh") => {
    const [a, b] = two();
    if (!b) return phrase(a, language, random);
    const [x, y] = [phrase(a, language, random), phrase(b, language, random)];
    if (language === "zh") return random.pick([`${x}旁边有${y}`, `${x}和${y}`, `${y}附近的${x}`]);
    return random.pick([`${x} beside ${y}`, `${x} and ${y}`, `${x} near ${y}`, `there is ${x} next to ${y}`]);
  };
  const listed = ranked.slice(0, 3).map((seen) => phrase(seen, "en", random));
  const captions = [
    synonym(first.concept, "en", random),
    joined("en"),
    joined("en"),
    random.pick(["an aerial image of ", "a satellite image with ", ""]) + listed.join(", "),
    random.pick(["", "卫星影像:", "这里有"]) + joined("zh"),
    synonym(pick().concept, "zh", random),
  ];
  return { captions, concepts: all.map(({ concept }) => concept) };
}

function weight({ share, concept }: Seen): number {
  return (GROUND.has(concept) ? 1 : 4) * Math.sqrt(share);
}

function seenIn(scene: Scene, date: 0 | 1, { x, y, side, gsd }: WindowM): readonly Seen[] {
  const gone = date === 0 ? "second" : "first";
  const [minX, maxX] = [x, x + side];
  const [minY, maxY] = [scene.size - y - side, scene.size - y];
  const found = new Map<ConceptId, { count: number; share: number; attributes: Map<AttributeId, number> }>();
  for (const feature of scene.features) {
    const { concept, span } = feature;
    if (concept === null || span === gone || UNSEEN.has(concept)) continue;
    const part = visible(feature, [minX, minY, maxX, maxY], gsd);
    if (part === 0) continue;
    const held = found.get(concept) ?? { count: 0, share: 0, attributes: new Map() };
    held.count += 1;
    held.share += part;
    for (const attribute of feature.attributes)
      held.attributes.set(attribute, (held.attributes.get(attribute) ?? 0) + 1);
    found.set(concept, held);
  }
  return [...found].map(([concept, { count, share, attributes }]) => ({
    concept,
    count,
    share: Math.min(1, share),
    attributes: [...attributes].filter(([, n]) => n > count * 0.6).map(([attribute]) => attribute),
  }));
}

/** Share of the window that a feature's bounds fill, or 0 when too little of it or too few pixels are in the window. */
function visible(feature: Feature, window: readonly [number, number, number, number], gsd: number): number {
  const box = boxOf(feature);
  const across = Math.min(box[2], window[2]) - Math.max(box[0], window[0]);
  const up = Math.min(box[3], window[3]) - Math.max(box[1], window[1]);
  if (across <= 0 || up <= 0) return 0;
  const side = window[2] - window[0];
  const share = (across * up) / (side * side);
  const inside = (across * up) / Math.max(1, (box[2] - box[0]) * (box[3] - box[1]));
  if (Math.max(across, up) / gsd < 4) return 0;
  return inside > 0.4 || share > 0.12 ? Math.max(share, 0.002) : 0;
}

function coversIn(truth: Uint8Array): readonly Seen[] {
  const counts = new Map<ConceptId, number>();
  for (const value of truth) {
    const concept = COVER[LABELS[value] as Label];
    if (concept) counts.set(concept, (counts.get(concept) ?? 0) + 1);
  }
  return [...counts]
    .map(([concept, n]) => ({ concept, count: 0, attributes: [], share: n / truth.length }))
    .filter(({ share }) => share > 0.2);
}

function synonym(concept: ConceptId, language: "en" | "zh", random: Random): string {
  const names = CONCEPT_NAMES[concept][language].slice(0, 6);
  const name = random.chance(0.5) ? (names[0] as string) : random.pick(names);
  return language === "en" && random.chance(0.5) ? plural(name) : name;
}

function phrase({ concept, count, attributes }: Seen, language: "en" | "zh", random: Random): string {
  const attribute = attributes.length > 0 && random.chance(0.6) ? random.pick(attributes) : null;
  const names = CONCEPT_NAMES[concept][language];
  const name = random.chance(0.7) ? conceptName(concept, language) : random.pick(names.slice(0, 5));
  const counted = GROUND.has(concept) && concept !== "building" && concept !== "road" ? 0 : count;
  if (language === "zh") {
    const said = attribute ? `${random.pick(ATTRIBUTE_NAMES[attribute].zh.slice(0, 2))}的` : "";
    const number = counted > 1 ? (counted <= 10 ? `${ZH_NUMBER[counted]}个` : "许多") : "";
    return `${number}${said}${name}`;
  }
  const said = attribute ? `${attributeName(attribute, "en")} ` : "";
  if (counted === 0) return `${said}${name}`;
  if (counted === 1) return `${/^[aeiou]/.test(said + name) ? "an" : "a"} ${said}${name}`;
  return `${counted <= 10 ? EN_NUMBER[counted] : random.pick(["many", "lots of", "rows of"])} ${said}${plural(name)}`;
}

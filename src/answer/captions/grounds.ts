import type { AttributeId, ConceptId } from "../../../knowledge/ontology/ids.ts";
import { conceptsOfCover } from "./concepts.ts";
import { opposite } from "./directions.ts";
import type {
  Anchor,
  AppearanceFact,
  Arrangement,
  Axis,
  CaptionFacts,
  Compass,
  GroupFact,
  Names,
  Position,
} from "./facts.ts";

/** What the evidence of one fact allows to be said: a caption, whoever wrote it, is checked against these. */
export interface Ground {
  readonly evidence: readonly string[];
  /** Numbers as they may stand in a text, before rounding: metres and kilometres, square metres, hectares …, percents, counts. */
  readonly numbers: readonly number[];
  readonly counts: readonly { readonly concept: ConceptId; readonly count: number }[];
  readonly concepts: readonly ConceptId[];
  readonly attributes: readonly AttributeId[];
  readonly names: readonly string[];
  readonly dates: readonly string[];
  readonly directions: readonly Compass[];
}

const NOTHING = {
  numbers: [],
  counts: [],
  concepts: [],
  attributes: [],
  names: [],
  dates: [],
  directions: [],
} as const;

export function groundsOf(facts: CaptionFacts): readonly Ground[] {
  const { areaEvidence, date, quality, appearance } = facts;
  return [
    { ...NOTHING, evidence: [areaEvidence] },
    ...(facts.inside ? [ofAnchor(facts.inside)] : []),
    ...facts.cover.map(({ cover, share, evidence }) => ({
      ...NOTHING,
      evidence,
      numbers: percents(share),
      concepts: conceptsOfCover(cover),
    })),
    ...(appearance ? [ofAppearance(appearance)] : []),
    ...(quality
      ? [
          {
            ...NOTHING,
            evidence: quality.evidence,
            numbers: percents(quality.coverage),
            dates: date === null ? [] : [date],
          },
        ]
      : []),
    ...facts.groups.flatMap((group) => [ofGroup(group), ...group.parts.map(ofGroup)]),
    ...facts.lines.map(({ concept, names, evidence, axis, position, lengthM, count }) => ({
      ...NOTHING,
      evidence,
      numbers: [...lengths(lengthM), count],
      concepts: [concept],
      names: namesOf(names),
      directions: [...ofAxis(axis), ...ofPosition(position)],
    })),
    ...facts.relations.map(({ subject, anchor, distanceM }) => ({
      ...NOTHING,
      evidence: [...subject.evidence, ...anchor.evidence],
      numbers: lengths(distanceM),
      concepts: [subject.concept, ...conceptOf(anchor)],
      names: [...namesOf(subject.names), ...namesOf(anchor.names)],
    })),
    ...facts.surroundings.map((fact) => ({
      ...ofAnchor(fact),
      numbers: lengths(fact.distanceM),
      directions: [fact.direction, opposite(fact.direction)],
    })),
    ...facts.changes.map(({ concept, names, count, since, areasM2, evidence }) => ({
      ...NOTHING,
      evidence,
      numbers: [count, ...(areasM2 ?? []).flatMap(areas)],
      counts: [{ concept, count }],
      concepts: [concept],
      names: names.flatMap(namesOf),
      dates: [since],
    })),
  ];
}

function ofGroup(group: GroupFact): Ground {
  const { concept, count, ofWhich, attributes, names, medianAreaM2, share, arrangement, position } = group;
  const anchor = arrangement && "anchor" in arrangement ? arrangement.anchor : null;
  return {
    ...NOTHING,
    evidence: [...group.evidence, ...ofWhich.flatMap((one) => one.evidence), ...(anchor?.evidence ?? [])],
    numbers: [
      count,
      ...ofWhich.map((one) => one.count),
      ...attributes.map((one) => one.count),
      ...(medianAreaM2 === null ? [] : areas(medianAreaM2)),
      ...percents(share),
      ...(arrangement?.kind === "rows" ? [arrangement.rows] : []),
    ],
    counts: [{ concept, count }, ...ofWhich.map((one) => ({ concept: one.concept, count: one.count }))],
    concepts: [
      concept,
      ...ofWhich.map((one) => one.concept),
      ...names.map((one) => one.concept),
      ...(anchor ? conceptOf(anchor) : []),
    ],
    attributes: attributes.map(({ attribute }) => attribute),
    names: [...names.flatMap(namesOf), ...namesOf(anchor?.names ?? null)],
    directions: [...ofPosition(position), ...ofArrangement(arrangement)],
  };
}

function ofAnchor(anchor: Anchor): Ground {
  return { ...NOTHING, evidence: anchor.evidence, concepts: conceptOf(anchor), names: namesOf(anchor.names) };
}

const TONES: Readonly<Record<AppearanceFact["tone"], readonly AttributeId[]>> = {
  green: ["green"],
  blue: ["blue"],
  sandy: ["brown"],
  bright: ["bright"],
  dark: ["dark"],
  grey: ["grey"],
  mixed: [],
};

function ofAppearance({ tone, toneShare, evidence }: AppearanceFact): Ground {
  return { ...NOTHING, evidence, numbers: toneShare === null ? [] : percents(toneShare), attributes: TONES[tone] };
}

const conceptOf = ({ concept }: Anchor): ConceptId[] => (concept === null ? [] : [concept]);
const namesOf = (names: Names | null): string[] => (names ? [names.en, ...(names.zh ? [names.zh] : [])] : []);
/** What is not certain never reads 100. */
const percents = (share: number) => [share < 1 ? Math.min(99.4, share * 100) : 100];
const lengths = (valueM: number) => [valueM, valueM / 1000];
const areas = (valueM2: number) => [valueM2, valueM2 / 1e4, valueM2 / 1e6];

function ofPosition(position: Position): Compass[] {
  if (position.kind === "edge") return [position.side];
  return position.kind === "part" && position.part !== "centre" ? [position.part] : [];
}

function ofArrangement(arrangement: Arrangement | null): Compass[] {
  return arrangement?.kind === "row" || arrangement?.kind === "rows" ? ofAxis(arrangement.axis) : [];
}

function ofAxis(axis: Axis | null): Compass[] {
  return axis === null ? [] : (axis.split("–") as Compass[]);
}

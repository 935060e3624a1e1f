import type { ConceptId, TimeKind } from "../../../knowledge/ontology/ids.ts";
import { conceptName } from "../../../knowledge/ontology/names.ts";
import { defaultDistanceM } from "../../../src/query/defaults.ts";
import { describeQuery } from "../../../src/query/describe.ts";
import type { Query, Relation } from "../../../src/query/schema.ts";
import { timeKindWords } from "../phrases.ts";
import { type Language, words } from "../words.ts";

/** One value of a part that can be changed. `set` gives the query with another value; queries are never changed in place. */
export type Field =
  | { readonly kind: "concept"; readonly value: string; set(query: Query, value: string): Query }
  | { readonly kind: "metres" | "hectares" | "number"; readonly value: number; set(query: Query, value: number): Query }
  | { readonly kind: "time"; readonly value: TimeKind; set(query: Query, value: TimeKind): Query };

/** A piece of a query as a person would name it, with what can be changed of it. */
export interface QueryPart {
  /** Slot, such as "relations.0". */
  readonly slot: string;
  readonly label: string;
  readonly fields: readonly Field[];
  /** The query without this part; null for what it cannot do without. */
  readonly without: Query | null;
}

const BOUNDED_BY_DISTANCE: readonly string[] = ["near", "far_from", "adjacent", "along"];
const M2_PER_HECTARE = 10_000;

/** The parts of a query in the order in which one would say them. */
export function queryParts(query: Query, language: Language): readonly QueryPart[] {
  const { target } = query;
  const parts: QueryPart[] = [
    {
      slot: "target.concept",
      label: conceptName(target.concept, language, "many"),
      fields: [
        {
          kind: "concept",
          value: target.concept,
          set: (held, value) => ({ ...held, target: { ...held.target, concept: value as ConceptId } }),
        },
      ],
      without: null,
    },
  ];
  target.attributes.forEach((attribute, index) => {
    parts.push({
      slot: `target.attributes.${index}`,
      label: pieceWords({ ...bare(query), target: { ...target, attributes: [attribute] } }, query, language),
      fields: [],
      without: { ...query, target: { ...target, attributes: target.attributes.filter((_, i) => i !== index) } },
    });
  });
  const { count, areaM2 } = target;
  if (count) {
    const { count: _, ...rest } = target;
    parts.push({
      slot: "target.count",
      label: `${count.op} ${count.value}`.replace(">=", "≥").replace("<=", "≤"),
      fields: [
        {
          kind: "number",
          value: count.value,
          set: (held, value) => ({
            ...held,
            target: { ...held.target, count: { ...count, value: Math.round(value) } },
          }),
        },
      ],
      without: { ...query, target: rest },
    });
  }
  if (areaM2) {
    const { areaM2: _, ...rest } = target;
    parts.push({
      slot: "target.areaM2",
      label: pieceWords(
        { ...bare(query), target: { concept: target.concept, attributes: [], areaM2 } },
        query,
        language,
      ),
      fields: [
        {
          kind: "hectares",
          value: areaM2.value / M2_PER_HECTARE,
          set: (held, value) => ({
            ...held,
            target: { ...held.target, areaM2: { ...areaM2, value: Math.round(value * M2_PER_HECTARE) } },
          }),
        },
      ],
      without: { ...query, target: rest },
    });
  }
  query.relations.forEach((relation, index) => {
    parts.push({
      slot: `relations.${index}`,
      label: pieceWords({ ...bare(query), relations: [relation] }, query, language),
      fields: relationFields(relation, index),
      without: { ...query, relations: query.relations.filter((_, i) => i !== index) },
    });
  });
  query.geo.forEach((constraint, index) => {
    const { distanceM } = constraint;
    parts.push({
      slot: `geo.${index}`,
      label: pieceWords({ ...bare(query), geo: [constraint] }, query, language),
      fields:
        distanceM === undefined
          ? []
          : [
              {
                kind: "metres",
                value: distanceM,
                set: (held, value) => ({
                  ...held,
                  geo: held.geo.map((entry, i) => (i === index ? { ...entry, distanceM: value } : entry)),
                }),
              },
            ],
      without: { ...query, geo: query.geo.filter((_, i) => i !== index) },
    });
  });
  const { time } = query;
  if (time) {
    const range = [time.from, time.to].filter(Boolean).join(" – ");
    parts.push({
      slot: "time",
      label: `${timeKindWords(time.kind, language)}${range ? ` ${range}` : ""}`,
      fields: [
        {
          kind: "time",
          value: time.kind,
          set: (held, value) => ({ ...held, time: { ...(held.time ?? {}), kind: value } }),
        },
      ],
      without: { ...query, time: null },
    });
  }
  query.exclude.forEach((exclusion, index) => {
    const label =
      "region" in exclusion
        ? `${words(language).without} #${exclusion.region.split(".").at(-1)?.replace("#", "")}`
        : pieceWords({ ...bare(query), exclude: [exclusion] }, query, language);
    parts.push({
      slot: `exclude.${index}`,
      label,
      fields: [],
      without: { ...query, exclude: query.exclude.filter((_, i) => i !== index) },
    });
  });
  const { sort, limit, ...unsorted } = query;
  if (sort) {
    parts.push({
      slot: "sort",
      label: pieceWords({ ...bare(query), sort }, query, language),
      fields: [],
      without: { ...unsorted, ...(limit !== undefined && { limit }) },
    });
  }
  if (limit !== undefined) {
    parts.push({
      slot: "limit",
      label: `${words(language).atMost} ${limit}`,
      fields: [
        { kind: "number", value: limit, set: (held, value) => ({ ...held, limit: Math.max(1, Math.round(value)) }) },
      ],
      without: { ...unsorted, ...(sort && { sort }) },
    });
  }
  return parts;
}

function relationFields(relation: Relation, index: number): readonly Field[] {
  const change = (held: Query, update: Partial<Relation>): Query => ({
    ...held,
    relations: held.relations.map((entry, i) => (i === index ? { ...entry, ...update } : entry)),
  });
  const [anchor] = relation.anchors;
  const fields: Field[] = [];
  if (anchor && relation.anchors.length === 1)
    fields.push({
      kind: "concept",
      value: anchor.concept,
      set: (held, value) => change(held, { anchors: [{ ...anchor, concept: value as ConceptId }] }),
    });
  const metres = relation.distanceM?.value ?? (anchor && defaultDistanceM(relation.predicate, anchor.concept));
  if (BOUNDED_BY_DISTANCE.includes(relation.predicate) && metres !== undefined)
    fields.push({
      kind: "metres",
      value: metres,
      set: (held, value) =>
        change(held, {
          distanceM: { op: relation.distanceM?.op ?? (relation.predicate === "far_from" ? ">=" : "<="), value },
        }),
    });
  return fields;
}

/** The target alone, to which one piece is added to find its words. */
function bare(query: Query): Query {
  return {
    target: { concept: query.target.concept, attributes: [] },
    relations: [],
    geo: [],
    time: null,
    exclude: [],
    spans: [],
  };
}

/** The words that a piece adds to those of the target alone, which stand before or after them by language and kind. */
function pieceWords(withPiece: Query, query: Query, language: Language): string {
  const [longer, shorter] = [describeQuery(withPiece, language), describeQuery(bare(query), language)];
  const singular = conceptName(query.target.concept, language);
  const rest = longer.startsWith(shorter)
    ? longer.slice(shorter.length)
    : longer.endsWith(shorter)
      ? longer.slice(0, -shorter.length)
      : longer.replace(singular, "");
  return rest.trim().replace(/的$/, "") || longer;
}

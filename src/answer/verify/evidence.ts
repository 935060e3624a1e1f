import { formulaWords } from "../../logic/explain.ts";
import type { Measurement, ProofNode } from "../../logic/proof.ts";
import { parseFormula } from "../../logic/text.ts";
import { describeQuery } from "../../query/describe.ts";
import type { Noun, Query, Relation } from "../../query/schema.ts";
import type { Region, Reply } from "../reply.ts";
import { datesIn } from "./dates.ts";
import { type KnownQuantity, type QuantityUnit, quantitiesIn } from "./quantities.ts";

/** What is known of one thing that a reply may speak of. A sentence is held against the units that it points at. */
export interface EvidenceUnit {
  /** Rank of the region that it is of ("#2"), null for any other thing. */
  readonly rank: number | null;
  /** Numbers in square brackets that cite it; none for a region without a citation. */
  readonly markers: readonly number[];
  /** True: it may be spoken of anywhere, as the query and the number of results. */
  readonly isGlobal: boolean;
  readonly quantities: readonly KnownQuantity[];
  /** ISO, to the day, the month or the year. */
  readonly dates: readonly string[];
  /** Names, labels and quotations, as they may stand in a sentence. */
  readonly phrases: readonly string[];
}

export interface Evidence {
  readonly units: readonly EvidenceUnit[];
  /** Ranks of results that every sentence speaks of, as those that are compared. */
  readonly focus?: readonly number[];
  /** Every proper name of the workspace: one that stands in a sentence must be a name of what the sentence points at. */
  readonly names: readonly string[];
}

/** Collects what is known of one thing. */
export class UnitBuilder {
  readonly #quantities: KnownQuantity[] = [];
  readonly #dates = new Set<string>();
  readonly #phrases = new Set<string>();

  number(value: number | undefined | null, unit: QuantityUnit = "bare", role?: KnownQuantity["role"]): this {
    if (typeof value === "number" && Number.isFinite(value))
      this.#quantities.push({ value, unit, step: 0, ...(role && { role }) });
    return this;
  }

  date(date: string | null | undefined): this {
    if (date) for (const found of datesIn(date)) this.#dates.add(found.date);
    return this;
  }

  phrase(...phrases: readonly (string | null | undefined)[]): this {
    for (const phrase of phrases) if (phrase?.trim()) this.#phrases.add(phrase.trim());
    return this;
  }

  /** A text that is evidence itself: a passage, a caption, a typed value. Its numbers and dates may be said. */
  text(text: string | null | undefined, role?: KnownQuantity["role"]): this {
    if (!text) return this;
    const dates = datesIn(text);
    for (const { date } of dates) this.#dates.add(date);
    for (const { start, end, ...quantity } of quantitiesIn(text))
      if (!dates.some((date) => start < date.end && end > date.start))
        this.#quantities.push({ ...quantity, ...(role && { role }) });
    return this;
  }

  measured(measurement: Measurement | undefined): this {
    if (!measurement) return this;
    for (const value of [measurement.value, measurement.threshold]) {
      if (typeof value === "string") this.date(value);
      else if (measurement.unit === "ratio") this.number(value === undefined ? value : value * 100, "percent");
      else if (measurement.unit === "count" || measurement.unit === "date") this.number(value);
      else this.number(value, measurement.unit);
    }
    return this;
  }

  build(place: Partial<Pick<EvidenceUnit, "rank" | "markers" | "isGlobal">> = {}): EvidenceUnit {
    return {
      rank: null,
      markers: [],
      isGlobal: false,
      ...place,
      quantities: this.#quantities,
      dates: [...this.#dates],
      phrases: [...this.#phrases],
    };
  }
}

/** What a reply holds itself, without its text: the query and plan, each region with its proof, near misses, citations, and how many there are. */
export function evidenceOf(reply: Reply, previous: Reply | null): readonly EvidenceUnit[] {
  const { language } = reply;
  const shown = reply.regions.length > 0 ? reply.regions : (previous?.regions ?? []);
  const known = new Map([...(previous?.regions ?? []), ...reply.regions].map((region) => [region.rank, region]));
  const units: EvidenceUnit[] = [queryUnit(reply), countsUnit(reply, shown)];
  for (const region of known.values()) units.push(regionUnit(region, reply));
  for (const miss of reply.nearMisses) {
    const { failure } = miss;
    const builder = new UnitBuilder()
      .phrase(miss.caption, nameOf(miss.caption), ...formulaPhrases(failure.formula, language))
      .text(miss.caption)
      .measured(failure.measured)
      .number(miss.truth);
    const unit = failure.measured?.unit;
    const asUnit = unit === "m" || unit === "m2" || unit === "px" ? unit : "bare";
    builder.number(failure.margin, asUnit).number(failure.change?.value, asUnit);
    units.push(builder.build({ markers: markersOf(reply, miss.id) }));
  }
  for (const citation of reply.citations) {
    if (citation.kind === "region") continue;
    units.push(
      new UnitBuilder()
        .phrase(citation.quote, citation.title, nameOf(citation.title))
        .text(citation.quote)
        .build({ markers: [citation.marker] }),
    );
  }
  return units;
}

function queryUnit(reply: Reply): EvidenceUnit {
  const { understood, language, plan, choices } = reply;
  const builder = new UnitBuilder();
  const queries = [understood.query, plan?.query as Query | undefined].filter(
    (query) => query !== null && query !== undefined,
  );
  for (const query of queries) {
    builder.phrase(describeQuery(query, language));
    builder.date(query.time?.from).date(query.time?.to).number(query.limit);
    builder.phrase(...query.geo.map(({ name }) => name));
    for (const { distanceM } of query.geo) builder.number(distanceM, "m");
    const noun = (one: Pick<Noun, "count" | "areaM2"> & { readonly relations?: readonly Relation[] }) => {
      builder.number(one.count?.value).number(one.areaM2?.value, "m2");
      for (const relation of one.relations ?? []) {
        builder.number(relation.distanceM?.value, "m");
        relation.anchors.forEach(noun);
      }
    };
    noun(query.target);
    noun({ relations: query.relations });
    for (const one of query.exclude) if (!("region" in one)) noun(one);
  }
  if (plan) builder.phrase(...formulaPhrases(plan.formula, language));
  builder.date(plan?.dates.before).date(plan?.dates.after);
  builder.phrase(...understood.unparsed.map(({ text }) => text), understood.question?.subject);
  builder.phrase(...choices.map(({ label }) => label));
  return builder.build({ isGlobal: true });
}

function countsUnit(reply: Reply, shown: readonly Region[]): EvidenceUnit {
  const builder = new UnitBuilder().number(shown.length).number(
    shown.reduce((sum, { areaM2 }) => sum + areaM2, 0),
    "m2",
  );
  if (reply.regions.length > 5) builder.number(reply.regions.length - 5);
  const { difference } = reply;
  if (difference) {
    builder.number(difference.of).number(difference.remain).number(difference.added);
    for (const { count, formula, threshold, nearest, farthest, unit } of difference.left) {
      const asUnit = unit === "m" || unit === "m2" ? unit : "bare";
      builder.number(count).number(threshold, asUnit).number(nearest, asUnit).number(farthest, asUnit);
      if (formula) builder.phrase(...formulaPhrases(formula, reply.language));
    }
  }
  return builder.build({ isGlobal: true });
}

function regionUnit(region: Region, reply: Reply): EvidenceUnit {
  const { probability } = region;
  const builder = new UnitBuilder()
    .number(region.areaM2, "m2", "own")
    .number(probability * 100, "percent", "probability")
    // What is not certain is never printed as 100 %.
    .number(probability < 1 && probability > 0.985 ? 99 : null, "percent", "probability")
    .phrase(region.caption, nameOf(region.caption))
    .text(region.caption, "own");
  for (const { label, date } of region.evidence) builder.phrase(label, nameOf(label)).date(date);
  visitProof(region.proof.tree, builder, reply);
  return builder.build({ rank: region.rank, markers: markersOf(reply, region.id) });
}

function visitProof(node: ProofNode, builder: UnitBuilder, reply: Reply): void {
  builder.measured(node.measured).phrase(...formulaPhrases(node.formula, reply.language));
  for (const child of node.children) visitProof(child, builder, reply);
}

/** A formula in words holds its own thresholds, so it is a phrase, and its parts are. */
function formulaPhrases(text: string, language: "en" | "zh"): readonly string[] {
  try {
    const formula = parseFormula(text);
    return (formula.kind === "and" ? [formula, ...formula.parts] : [formula]).flatMap((part) => [
      formulaWords(part, language, "m"),
      formulaWords(part, language, "px"),
    ]);
  } catch {
    return [];
  }
}

function markersOf(reply: Reply, evidence: string): readonly number[] {
  return [...new Set(reply.citations.flatMap((citation) => (citation.evidence === evidence ? citation.marker : [])))];
}

/** "Exit 4" of "Exit 4 (motorway exit)"; null for a label without a name. */
export function nameOf(label: string): string | null {
  return /^([^()(),,]{1,80}?)\s?[((]/.exec(label)?.[1] ?? null;
}

import type { ConceptId, PredicateId } from "../../../knowledge/ontology/ids.ts";
import type { EntityTable, Space } from "../entity-table.ts";
import type { Formula } from "../formula.ts";
import { shapeMiddle } from "../shape-distance.ts";
import { doubtReach, reach } from "../spatial.ts";
import type { Thing } from "../things.ts";
import { kindsOf } from "./atoms.ts";
import { boxAt } from "./built-share.ts";
import type { Machine } from "./node.ts";

/**
 * Things that a variable has to be among for a formula to be more than 0 true (or less than wholly true): all others need
 * not be looked at, since they change no maximum, minimum or count. A union of alternatives.
 */
export type Support = readonly Alternative[];

interface Alternative {
  /** Numbers of the kinds that it may be of; null for any. */
  readonly kinds: readonly number[] | null;
  /** What it has to be near to, or on one side of. */
  readonly links: readonly Link[];
}

export interface Link {
  /** The term that the variable is linked to. */
  readonly term: string;
  /** How far it may be; 0 with `side` set means no bound. */
  readonly reach: number;
  /** Where the variable's middle lies seen from the term: steps to the right and up on the page. */
  readonly side: readonly [number, number] | null;
}

const EVERYTHING: Support = [{ kinds: null, links: [] }];
const MOST_ALTERNATIVES = 8;

/** Steps right and up in map space, and right and up on the page in image space. */
const SIDES: Readonly<Partial<Record<PredicateId, readonly [number, number]>>> = {
  north_of: [0, 1],
  above: [0, 1],
  south_of: [0, -1],
  below: [0, -1],
  east_of: [1, 0],
  right_of: [1, 0],
  west_of: [-1, 0],
  left_of: [-1, 0],
};

export type DefinitionOf = (concept: ConceptId) => Formula | null;

/** Where `formula` can be more than 0 true for `variable` (`positive`), or less than wholly true. */
export function supportOf(
  variable: string,
  formula: Formula,
  positive: boolean,
  definitionOf: DefinitionOf,
  hidden: ReadonlySet<string> = new Set(),
): Support {
  const of = (part: Formula, sign: boolean, more: ReadonlySet<string> = hidden) =>
    supportOf(variable, part, sign, definitionOf, more);
  switch (formula.kind) {
    case "true":
      return positive ? EVERYTHING : [];
    case "false":
      return positive ? [] : EVERYTHING;
    case "not":
      return of(formula.body, !positive);
    case "and":
      return positive
        ? intersect(formula.parts.map((part) => of(part, true)))
        : unite(formula.parts.map((part) => of(part, false)));
    case "or":
      return positive
        ? unite(formula.parts.map((part) => of(part, true)))
        : intersect(formula.parts.map((part) => of(part, false)));
    case "implies": {
      const sides = [of(formula.left, !positive), of(formula.right, positive)];
      return positive ? unite(sides) : intersect(sides);
    }
    case "exists":
    case "count": {
      const needsOne = formula.kind === "exists" || (formula.op !== "<=" && formula.n > 0);
      if (!positive || !needsOne || formula.variable === variable) return EVERYTHING;
      return of(formula.body, true, new Set([...hidden, formula.variable]));
    }
    case "concept":
      return positive && formula.term === variable ? conceptSupport(formula.concept, definitionOf) : EVERYTHING;
    case "spatial":
      return linkSupport(variable, formula, positive, hidden);
    default:
      return EVERYTHING;
  }
}

function conceptSupport(concept: ConceptId, definitionOf: DefinitionOf): Support {
  const kinds = new Set(kindsOf(concept));
  const definition = definitionOf(concept);
  if (definition) {
    for (const { kinds: more } of supportOf("x", definition, true, definitionOf)) {
      if (!more) return EVERYTHING;
      for (const kind of more) kinds.add(kind);
    }
  }
  return [{ kinds: [...kinds], links: [] }];
}

function linkSupport(
  variable: string,
  formula: Extract<Formula, { kind: "spatial" }>,
  positive: boolean,
  hidden: ReadonlySet<string>,
): Support {
  const { terms } = formula;
  const [subject] = terms;
  if (!subject || !terms.includes(variable) || terms[0] === terms[1]) return EVERYTHING;
  const others = (subject === variable ? terms.slice(1, 3) : [subject]).filter(
    (term) => term !== variable && !hidden.has(term),
  );
  const limit = positive ? reach(formula) : doubtReach(formula);
  const links: Link[] = [];
  if (Number.isFinite(limit)) for (const term of others) links.push({ term, reach: limit, side: null });
  const side = SIDES[formula.predicate];
  const [other] = others;
  if (positive && side && other !== undefined)
    links.push({ term: other, reach: 0, side: subject === variable ? side : [-side[0], -side[1]] });
  return [{ kinds: null, links }];
}

function unite(supports: readonly Support[]): Support {
  const all = supports.flat();
  const isOpen = all.some(({ kinds, links }) => kinds === null && links.length === 0);
  if (isOpen) return EVERYTHING;
  if (all.length <= MOST_ALTERNATIVES) return all;
  if (all.some(({ kinds }) => kinds === null)) return EVERYTHING;
  return [{ kinds: [...new Set(all.flatMap(({ kinds }) => kinds ?? []))], links: [] }];
}

function intersect(supports: readonly Support[]): Support {
  let result = EVERYTHING;
  for (const support of supports) {
    const pairs = result.flatMap((a) =>
      support.map((b): Alternative => ({ kinds: common(a.kinds, b.kinds), links: [...a.links, ...b.links] })),
    );
    if (pairs.length <= MOST_ALTERNATIVES) result = pairs.filter(({ kinds }) => kinds?.length !== 0);
  }
  return result;
}

function common(a: readonly number[] | null, b: readonly number[] | null): readonly number[] | null {
  if (!a || !b) return a ?? b;
  return a.filter((kind) => b.includes(kind));
}

/** Goes through the things of a support for what is bound at the moment. */
export class Candidates {
  readonly support: Support;
  readonly #machine: Machine;
  readonly #alternatives: readonly {
    readonly kinds: readonly number[];
    readonly links: readonly { readonly link: Link; readonly find: () => Thing }[];
  }[];
  /** Box of the region in sight, and how far beyond it. */
  readonly #region = new Float64Array(5);
  readonly #middle = new Float64Array(2);
  /** How often they were gone through, and how many were seen. */
  visits = 0;
  seen = 0;

  constructor(support: Support, machine: Machine, find: (term: string) => () => Thing) {
    const { table } = machine.things;
    this.support = support;
    this.#machine = machine;
    this.#alternatives = support.map(({ kinds, links }) => ({
      kinds: (kinds ?? table.presentKinds).filter((kind) => table.statistics(kind).count > 0),
      links: links.map((link) => ({ link, find: find(link.term) })),
    }));
  }

  /**
   * @param admits whether a thing of at most this confidence is still wanted; asked again and again, with falling answers
   * @param visit true ends it
   */
  visit(admits: (confidence: number) => boolean, visit: (thing: Thing) => boolean): boolean {
    this.visits += 1;
    const { table } = this.#machine.things;
    const several = this.#alternatives.length > 1 ? new Set<Thing>() : null;
    const seeing = (thing: Thing): boolean => {
      if (several?.has(thing)) return false;
      several?.add(thing);
      this.seen += 1;
      return visit(thing);
    };
    for (const { kinds, links } of this.#alternatives) {
      if (links.length === 0) {
        for (const kind of kinds) {
          for (const row of table.byConfidence(kind)) {
            if (!admits(table.confidence[row] as number)) break;
            if (seeing(row)) return true;
          }
        }
        continue;
      }
      this.#locate(links);
      // The region is overwritten when a visit comes here again further in.
      const [minX, minY, maxX, maxY, beyond] = this.#region as unknown as [number, number, number, number, number];
      for (const kind of kinds) {
        const tree = table.treeOf(kind);
        if (tree?.visit(minX, minY, maxX, maxY, beyond, admits, seeing)) return true;
      }
    }
    return false;
  }

  /** The one box and reach, or what all boxes, grown by their reaches, have in common. */
  #locate(links: readonly { readonly link: Link; readonly find: () => Thing }[]): void {
    const { things } = this.#machine;
    const region = this.#region;
    region.set([
      Number.NEGATIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      0,
    ]);
    for (const { link, find } of links) {
      const thing = find();
      const shapes = things.shapes(thing);
      const index = things.shapeIndex(thing);
      if (link.side) {
        shapeMiddle(shapes, index, this.#middle);
        bySide(region, link.side, this.#middle, things.table.space);
        continue;
      }
      const [minX, minY, maxX, maxY] = boxAt(shapes.boxes, index);
      if (links.length === 1) {
        region.set([minX, minY, maxX, maxY, link.reach]);
        return;
      }
      region[0] = Math.max(region[0] as number, minX - link.reach);
      region[1] = Math.max(region[1] as number, minY - link.reach);
      region[2] = Math.min(region[2] as number, maxX + link.reach);
      region[3] = Math.min(region[3] as number, maxY + link.reach);
    }
  }
}

/** Cuts the region down to the half plane in which a thing's middle, and so a part of its box, has to be. */
function bySide(region: Float64Array, side: readonly [number, number], middle: Float64Array, space: Space): void {
  const [right, up] = side;
  const [x, y] = [middle[0] as number, middle[1] as number];
  const slackX = 1e-9 * (1 + Math.abs(x));
  const slackY = 1e-9 * (1 + Math.abs(y));
  const grows = space === "map" ? up : -up;
  if (right > 0) region[0] = Math.max(region[0] as number, x - slackX);
  if (right < 0) region[2] = Math.min(region[2] as number, x + slackX);
  if (grows > 0) region[1] = Math.max(region[1] as number, y - slackY);
  if (grows < 0) region[3] = Math.min(region[3] as number, y + slackY);
}

/** Mean width and height of the boxes of a support's kinds. */
export function meanSize(support: Support, table: EntityTable): readonly [number, number] {
  let [count, width, height] = [0, 0, 0];
  for (const kind of new Set(support.flatMap(({ kinds }) => kinds ?? table.presentKinds))) {
    const { count: own, meanWidth, meanHeight } = table.statistics(kind);
    count += own;
    width += own * meanWidth;
    height += own * meanHeight;
  }
  return [width / Math.max(1, count), height / Math.max(1, count)];
}

/**
 * How many things of a support are estimated to be in reach of one thing, if things lay evenly.
 *
 * @param size width and height of the box of that thing
 */
export function expectedMatches(
  support: Support,
  table: EntityTable,
  size: readonly [number, number] = [0, 0],
): number {
  const [minX, minY, maxX, maxY] = table.extent;
  const extent = [Math.max(1e-9, maxX - minX), Math.max(1e-9, maxY - minY)] as const;
  let sum = 0;
  for (const { kinds, links } of support) {
    for (const kind of kinds ?? table.presentKinds) {
      const { count, meanWidth, meanHeight } = table.statistics(kind);
      let share = 1;
      for (const { reach: limit, side } of links) {
        const width = Math.min(1, (2 * limit + meanWidth + size[0]) / extent[0]);
        const height = Math.min(1, (2 * limit + meanHeight + size[1]) / extent[1]);
        share = Math.min(share, side ? 0.5 : width * height);
      }
      sum += count * share;
    }
  }
  return sum;
}

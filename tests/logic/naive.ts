import { DEFINITIONS } from "../../knowledge/ontology/definitions.ts";
import { subsumedConcepts } from "../../knowledge/ontology/hierarchy.ts";
import type { Formula } from "../../src/logic/formula.ts";
import { parseFormula } from "../../src/logic/text.ts";
import type { Entity } from "../../src/store/entity.ts";
import { spatialOracle } from "./spatial-oracle.ts";

type Bound = Readonly<Record<string, Entity>>;

export interface NaiveOptions {
  readonly semantics?: "product" | "godel" | "lukasiewicz";
  readonly exists?: "maximum" | "noisy_or";
  readonly space?: "map" | "image";
}

const AND = {
  product: (a: number, b: number) => a * b,
  godel: (a: number, b: number) => Math.min(a, b),
  lukasiewicz: (a: number, b: number) => Math.max(0, a + b - 1),
};

/** The reasoner without any cleverness: every quantifier runs over everything, counting sums over all subsets. */
export function naiveTruth(
  world: readonly Entity[],
  formula: Formula,
  bound: Bound,
  options: NaiveOptions = {},
): number {
  const of = (term: string) => bound[term] as Entity;
  const truth = (part: Formula, inner: Bound = bound) => naiveTruth(world, part, inner, options);
  const and = AND[options.semantics ?? "product"];
  // The dual of the t-norm under 1 − a.
  const or = (a: number, b: number) => 1 - and(1 - a, 1 - b);
  const each = (variable: string, body: Formula) => world.map((thing) => truth(body, { ...bound, [variable]: thing }));
  switch (formula.kind) {
    case "true":
      return 1;
    case "false":
      return 0;
    case "concept": {
      const thing = of(formula.term);
      const isOwn = thing.concept === formula.concept || subsumedConcepts(formula.concept).includes(thing.concept);
      const own = isOwn ? thing.confidence : 0;
      const definition = DEFINITIONS[formula.concept];
      return definition ? Math.max(own, truth(parseFormula(definition.formula), { x: thing })) : own;
    }
    case "attribute":
      return Number(of(formula.term).attributes.includes(formula.attribute));
    case "area": {
      const area = areaOf(of(formula.term).geometry);
      const { op, value } = formula;
      if (op === "=") return Number(Math.abs(area - value) <= 0.05 * value);
      return Number(
        op === "<" ? area < value : op === "<=" ? area <= value : op === ">" ? area > value : area >= value,
      );
    }
    case "time":
      return timeTruth(formula, of(formula.term));
    case "spatial":
      if (formula.terms[0] === formula.terms[1]) return 1;
      return spatialOracle(
        formula,
        formula.terms.map((term) => of(term).geometry),
        options.space ?? "map",
      );
    case "equal":
      return Number(of(formula.left).id === of(formula.right).id);
    case "not":
      return 1 - truth(formula.body);
    case "and":
      return formula.parts.reduce((value, part) => and(value, truth(part)), 1);
    case "or":
      return formula.parts.reduce((value, part) => or(value, truth(part)), 0);
    case "implies":
      return or(1 - truth(formula.left), truth(formula.right));
    case "exists": {
      const all = each(formula.variable, formula.body);
      return options.exists === "noisy_or"
        ? 1 - all.reduce((none, value) => none * (1 - value), 1)
        : Math.max(0, ...all);
    }
    case "forall":
      return Math.min(1, ...each(formula.variable, formula.body));
    case "count":
      return countOverSubsets(
        each(formula.variable, formula.body).filter((p) => p > 0),
        (size) =>
          formula.op === ">=" ? size >= formula.n : formula.op === "<=" ? size <= formula.n : size === formula.n,
      );
  }
}

function countOverSubsets(chances: readonly number[], isWanted: (size: number) => boolean): number {
  let truth = 0;
  for (let subset = 0; subset < 1 << chances.length; subset += 1) {
    let weight = 1;
    let size = 0;
    for (const [i, p] of chances.entries()) {
      const isIn = (subset >> i) & 1;
      weight *= isIn ? p : 1 - p;
      size += isIn;
    }
    if (isWanted(size)) truth += weight;
  }
  return truth;
}

function timeTruth({ change, from, to }: Extract<Formula, { kind: "time" }>, thing: Entity): number {
  const { firstSeen, lastSeen } = thing;
  const isNew = firstSeen !== null && (!from || firstSeen > from) && (!to || firstSeen <= to);
  const isGone = lastSeen !== null && (!from || lastSeen >= from) && (!to || lastSeen < to);
  const areas = thing.areaHistory
    .filter(({ date }) => (!from || date >= from) && (!to || date <= to))
    .sort((a, b) => (a.date < b.date ? -1 : 1))
    .map(({ areaM2 }) => areaM2);
  const [first = 0] = areas;
  const growth = areas.length > 1 && first > 0 ? (areas.at(-1) as number) / first - 1 : 0;
  switch (change) {
    case "new":
      return Number(isNew);
    case "gone":
      return Number(isGone);
    case "as_of":
      return Number(!to || ((firstSeen === null || firstSeen <= to) && (lastSeen === null || lastSeen >= to)));
    case "grown":
      return Number(growth >= 0.1);
    case "shrunk":
      return Number(growth <= -0.1);
    case "changed":
      return Number(isNew || isGone || Math.abs(growth) >= 0.1);
  }
}

function areaOf(geometry: GeoJSON.Geometry): number {
  const polygons =
    geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : [];
  return polygons.reduce((sum, [outer = [], ...holes]) => {
    const ring = (positions: readonly GeoJSON.Position[]) =>
      Math.abs(
        positions.reduce((twice, [x = 0, y = 0], i) => {
          const [nextX = 0, nextY = 0] = positions[(i + 1) % positions.length] ?? [];
          return twice + x * nextY - nextX * y;
        }, 0),
      ) / 2;
    return sum + ring(outer) - holes.reduce((all, hole) => all + ring(hole), 0);
  }, 0);
}

import Flatbush from "flatbush";
import { subsumedConcepts } from "../../../knowledge/ontology/hierarchy.ts";
import type { ConceptId } from "../../../knowledge/ontology/ids.ts";
import type { EntityTable } from "../../logic/entity-table.ts";
import type { Formula } from "../../logic/formula.ts";
import { compare } from "../../logic/nodes/atoms.ts";
import { countTruth, rankOf } from "../../logic/semantics.ts";
import { shapeArea } from "../../logic/shape-distance.ts";
import { measureSpatial, reach } from "../../logic/spatial.ts";
import { measureTime } from "../../logic/time.ts";

class OutOfPatience extends Error {}

type Bound = Readonly<Record<string, number>>;

/** What the reasoner is measured against: the same truths, found in a straightforward way. */
export interface Peer {
  /** The ten truest rows for x, truest first, ties by id; null when `patienceMs` ran out first. */
  search(formula: Formula, patienceMs: number): { readonly id: string; readonly truth: number }[] | null;
}

/** Every quantifier over everything. */
export function enumeratingPeer(table: EntityTable): Peer {
  const all = Array.from({ length: table.size }, (_, row) => row);
  return peer(table, () => all);
}

/**
 * Nested loops over the entities of the kinds that a conjunct names, narrowed by an R-tree (flatbush) a kind where a distance to
 * something bound allows it. No statistics, no bounds, no order but that of the formula.
 */
export function nestedLoopPeer(table: EntityTable): Peer {
  const trees = new Map<number, Flatbush>();
  const { boxes } = table.shapes;
  for (const kind of table.presentKinds) {
    const [start, end] = table.rowsOf(kind);
    const tree = new Flatbush(end - start);
    for (let row = start; row < end; row += 1)
      tree.add(
        boxes[row * 4] as number,
        boxes[row * 4 + 1] as number,
        boxes[row * 4 + 2] as number,
        boxes[row * 4 + 3] as number,
      );
    tree.finish();
    trees.set(kind, tree);
  }
  return peer(table, (variable, body, bound) => {
    const kinds = kindsOf(table, variable, body) ?? table.presentKinds;
    const box = boxOf(table, variable, body, bound);
    return kinds.flatMap((kind) => {
      const [start, end] = table.rowsOf(kind);
      if (!box) return Array.from({ length: end - start }, (_, i) => start + i);
      return (
        trees
          .get(kind)
          ?.search(...box)
          .map((index) => start + index) ?? []
      );
    });
  });
}

function conjuncts(body: Formula): readonly Formula[] {
  if (body.kind === "and") return body.parts;
  return body.kind === "implies" ? conjuncts(body.left) : [body];
}

function kindsOf(table: EntityTable, variable: string, body: Formula): number[] | null {
  for (const part of conjuncts(body)) {
    const options = part.kind === "or" ? part.parts : [part];
    const concepts = options.flatMap((option) =>
      option.kind === "concept" && option.term === variable
        ? [option.concept, ...subsumedConcepts(option.concept)]
        : [],
    );
    if (concepts.length >= options.length)
      return table.presentKinds.filter((kind) => {
        const [row] = table.rowsOf(kind);
        return concepts.includes(table.conceptOf(row));
      });
  }
  return null;
}

function boxOf(
  table: EntityTable,
  variable: string,
  body: Formula,
  bound: Bound,
): [number, number, number, number] | null {
  const { boxes } = table.shapes;
  const parts = body.kind === "implies" ? [...conjuncts(body.left), body.right] : conjuncts(body);
  for (const part of parts) {
    if (part.kind !== "spatial" || !part.terms.includes(variable)) continue;
    const limit = part.predicate === "far_from" ? (part.distanceM ?? 0) : reach(part);
    const other = part.terms.find((term) => term !== variable && bound[term] !== undefined);
    if (!Number.isFinite(limit) || other === undefined) continue;
    const at = (bound[other] as number) * 4;
    return [
      (boxes[at] as number) - limit,
      (boxes[at + 1] as number) - limit,
      (boxes[at + 2] as number) + limit,
      (boxes[at + 3] as number) + limit,
    ];
  }
  return null;
}

function peer(table: EntityTable, range: (variable: string, body: Formula, bound: Bound) => number[]): Peer {
  const isOf = (row: number, concept: ConceptId) =>
    table.conceptOf(row) === concept || subsumedConcepts(concept).includes(table.conceptOf(row));
  const placed = (row: number) => ({ shapes: table.shapes, index: row });
  const of = (term: string, bound: Bound) => bound[term] as number;
  let steps = 0;
  let deadline = 0;
  const truth = (formula: Formula, bound: Bound): number => {
    steps += 1;
    if (steps % 1024 === 0 && performance.now() > deadline) throw new OutOfPatience();
    switch (formula.kind) {
      case "true":
        return 1;
      case "false":
        return 0;
      case "concept": {
        const row = of(formula.term, bound);
        return isOf(row, formula.concept) ? (table.confidence[row] as number) : 0;
      }
      case "attribute":
        return Number(table.hasAttribute(of(formula.term, bound), formula.attribute));
      case "area":
        return Number(compare(shapeArea(table.shapes, of(formula.term, bound)), formula.op, formula.value));
      case "time":
        return measureTime(formula.change, table.lifeSpan(of(formula.term, bound)), formula.from, formula.to).truth;
      case "spatial": {
        const [subject, ...anchors] = formula.terms.map((term) => placed(of(term, bound)));
        return subject ? measureSpatial(formula, subject, anchors, table).truth : 0;
      }
      case "equal":
        return Number(of(formula.left, bound) === of(formula.right, bound));
      case "not":
        return 1 - truth(formula.body, bound);
      case "and": {
        let value = 1;
        for (const part of formula.parts) {
          value *= truth(part, bound);
          if (value === 0) return 0;
        }
        return value;
      }
      case "or":
        return formula.parts.reduce((value, part) => {
          const next = truth(part, bound);
          return value + next - value * next;
        }, 0);
      case "implies": {
        const [left, right] = [1 - truth(formula.left, bound), truth(formula.right, bound)];
        return left + right - left * right;
      }
      case "exists":
        return range(formula.variable, formula.body, bound).reduce(
          (value, row) => Math.max(value, truth(formula.body, { ...bound, [formula.variable]: row })),
          0,
        );
      case "forall":
        return range(formula.variable, formula.body, bound).reduce(
          (value, row) => Math.min(value, truth(formula.body, { ...bound, [formula.variable]: row })),
          1,
        );
      case "count":
        return countTruth(
          range(formula.variable, formula.body, bound).map((row) =>
            truth(formula.body, { ...bound, [formula.variable]: row }),
          ),
          formula.op,
          formula.n,
        );
    }
  };
  return {
    search: (formula, patienceMs) => {
      deadline = performance.now() + patienceMs;
      const scored: { id: string; truth: number }[] = [];
      try {
        for (const row of range("x", formula, {})) {
          const value = truth(formula, { x: row });
          if (value > 0) scored.push({ id: table.id(row), truth: value });
        }
      } catch (error) {
        if (error instanceof OutOfPatience) return null;
        throw error;
      }
      return scored
        .map((found) => ({ ...found, rank: rankOf(found.truth) }))
        .sort((a, b) => b.rank - a.rank || (a.id < b.id ? -1 : 1))
        .slice(0, 10);
    },
  };
}

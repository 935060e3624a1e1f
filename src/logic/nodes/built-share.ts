import type { ConceptId } from "../../../knowledge/ontology/ids.ts";
import type { Measurement } from "../proof.ts";
import { pointInShape, shapeArea, shapeMiddle } from "../shape-distance.ts";
import type { Thing, Things } from "../things.ts";
import { compare, kindsOf } from "./atoms.ts";

/** Areas of which "dense" and "sparse" are asked, and the built shares that make them so (set on training worlds). */
const BUILT_UP: ReadonlySet<ConceptId> = new Set([
  "residential_area",
  "city_center",
  "town",
  "village",
  "city",
  "industrial_area",
  "commercial_area",
]);
const DENSE_FROM = 0.22;
const SPARSE_UP_TO = 0.2;

/** How densely an area is built, measured from the buildings in it when nobody states it. */
export class BuiltShare {
  readonly #things: Things;
  readonly #known = new Map<Thing, number>();

  constructor(things: Things) {
    this.#things = things;
  }

  measure(attribute: "dense" | "sparse", thing: Thing): { readonly truth: number; readonly measured?: Measurement } {
    const things = this.#things;
    const isStated = things.hasAttribute(thing, "dense") || things.hasAttribute(thing, "sparse");
    if (isStated || !BUILT_UP.has(things.concept(thing))) return { truth: 0 };
    const value = this.#share(thing);
    const [op, threshold] = attribute === "dense" ? ([">=", DENSE_FROM] as const) : (["<=", SPARSE_UP_TO] as const);
    const truth = value > 0 && compare(value, op, threshold);
    return { truth: Number(truth), measured: { name: "overlap", value, unit: "ratio", op, threshold } };
  }

  /** Share of an area that the footprints of the buildings with their middle in it cover. */
  #share(thing: Thing): number {
    const known = thing >= 0 ? this.#known.get(thing) : undefined;
    if (known !== undefined) return known;
    const things = this.#things;
    const { table } = things;
    const shapes = things.shapes(thing);
    const index = things.shapeIndex(thing);
    const middle = new Float64Array(2);
    let covered = 0;
    for (const kind of kindsOf("building")) {
      table.treeOf(kind)?.visit(
        ...boxAt(shapes.boxes, index),
        0,
        () => true,
        (row) => {
          shapeMiddle(table.shapes, row, middle);
          if (pointInShape(middle[0] as number, middle[1] as number, shapes, index))
            covered += shapeArea(table.shapes, row);
          return false;
        },
      );
    }
    const share = covered / Math.max(1, things.area(thing));
    if (thing >= 0) this.#known.set(thing, share);
    return share;
  }
}

/** Box of a shape: minX, minY, maxX, maxY. */
export function boxAt(boxes: Float64Array, index: number): [number, number, number, number] {
  const at = index * 4;
  return [boxes[at] as number, boxes[at + 1] as number, boxes[at + 2] as number, boxes[at + 3] as number];
}

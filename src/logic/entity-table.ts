import Flatbush from "flatbush";
import { subsumedConcepts } from "../../knowledge/ontology/hierarchy.ts";
import { CONCEPT_IDS, type ConceptId } from "../../knowledge/ontology/ids.ts";
import { TerralogueError } from "../errors.ts";
import type { Entity } from "../store/entity.ts";

/** "map": x east, y north, metres. "image": x right, y down, pixels. */
export type Space = "map" | "image";

/** Entities column by column, with one static R-tree over all boxes and one a concept, built at first use. */
export class EntityTable {
  readonly entities: readonly Entity[];
  readonly space: Space;
  /** Index into CONCEPT_IDS. */
  readonly concept: Uint16Array;
  /** 4 an entity: minX, minY, maxX, maxY. */
  readonly boxes: Float64Array;
  readonly #rowsOf = new Map<ConceptId, Uint32Array>();
  readonly #trees = new Map<ConceptId | "", { tree: Flatbush; rows: Uint32Array } | null>();
  readonly #rowOf = new Map<string, number>();

  private constructor(entities: readonly Entity[], space: Space) {
    this.entities = entities;
    this.space = space;
    this.concept = new Uint16Array(entities.length);
    this.boxes = new Float64Array(entities.length * 4);
    const numberOf = new Map(CONCEPT_IDS.map((id, index) => [id, index]));
    const rows = new Map<ConceptId, number[]>();
    for (const [row, entity] of entities.entries()) {
      this.concept[row] = numberOf.get(entity.concept) ?? 0;
      this.boxes.set(boxOf(entity), row * 4);
      this.#rowOf.set(entity.id, row);
      const list = rows.get(entity.concept);
      if (list) list.push(row);
      else rows.set(entity.concept, [row]);
    }
    for (const [concept, list] of rows) this.#rowsOf.set(concept, Uint32Array.from(list));
  }

  /**
   * @throws {TerralogueError} `bad_vectors` for an entity with a coordinate or confidence that is not a finite number
   */
  static from(entities: Iterable<Entity>, options: { readonly space?: Space } = {}): EntityTable {
    return new EntityTable([...entities], options.space ?? "map");
  }

  get size(): number {
    return this.entities.length;
  }

  row(id: string): number | undefined {
    return this.#rowOf.get(id);
  }

  /** How many entities are of the concept itself or of one below it. */
  count(concept: ConceptId): number {
    return [concept, ...subsumedConcepts(concept)].reduce(
      (sum, kind) => sum + (this.#rowsOf.get(kind)?.length ?? 0),
      0,
    );
  }

  /** Rows of the concept itself, without those below it. */
  rowsOf(concept: ConceptId): Uint32Array {
    return this.#rowsOf.get(concept) ?? new Uint32Array(0);
  }

  /** Rows of one concept (all rows for "") whose box meets the box. */
  within(concept: ConceptId | "", minX: number, minY: number, maxX: number, maxY: number): number[] {
    const index = this.#tree(concept);
    return index ? index.tree.search(minX, minY, maxX, maxY).map((i) => index.rows[i] as number) : [];
  }

  #tree(concept: ConceptId | "") {
    let index = this.#trees.get(concept);
    if (index === undefined) {
      const rows = concept === "" ? Uint32Array.from(this.entities.keys()) : this.rowsOf(concept);
      index = rows.length > 0 ? { tree: new Flatbush(rows.length), rows } : null;
      if (index) {
        const { boxes } = this;
        for (const row of rows) {
          const at = row * 4;
          index.tree.add(
            boxes[at] as number,
            boxes[at + 1] as number,
            boxes[at + 2] as number,
            boxes[at + 3] as number,
          );
        }
        index.tree.finish();
      }
      this.#trees.set(concept, index);
    }
    return index;
  }
}

function boxOf(entity: Entity): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (coordinates: unknown): void => {
    if (!Array.isArray(coordinates)) return;
    if (typeof coordinates[0] !== "number") {
      for (const part of coordinates) visit(part);
      return;
    }
    const [x = Number.NaN, y = Number.NaN] = coordinates as number[];
    if (!Number.isFinite(x) || !Number.isFinite(y)) fail(entity, "a coordinate that is not a number");
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  };
  const { geometry } = entity;
  if (geometry.type === "GeometryCollection")
    for (const part of geometry.geometries) visit("coordinates" in part ? part.coordinates : []);
  else visit(geometry.coordinates);
  if (!Number.isFinite(box[0])) fail(entity, "no coordinates");
  if (!(entity.confidence >= 0 && entity.confidence <= 1))
    fail(entity, `the confidence ${entity.confidence}, which is not between 0 and 1`);
  return box;
}

function fail(entity: Entity, what: string): never {
  throw new TerralogueError(
    "bad_vectors",
    `Entity "${entity.id}" has ${what}; mend it in its source and ingest again.`,
  );
}

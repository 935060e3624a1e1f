import { subsumedConcepts } from "../../knowledge/ontology/hierarchy.ts";
import { ATTRIBUTE_IDS, type AttributeId, CONCEPT_IDS, type ConceptId } from "../../knowledge/ontology/ids.ts";
import { TerralogueError } from "../errors.ts";
import type { Entity } from "../store/entity.ts";
import { hilbertPlace, PackedTree } from "./packed-tree.ts";
import { GrowingColumn, geometryOf, ShapeBuilder, type Shapes } from "./shapes.ts";

/** "map": x east, y north, metres. "image": x right, y down, pixels. */
export type Space = "map" | "image";

/** How coordinates are to be read. */
export interface Frame {
  readonly space: Space;
  /** Unit of the coordinates: pixels only for an image whose GSD nobody gave. */
  readonly unit: "m" | "px";
}

/** Of the entities of one kind itself; widths and heights of boxes in the unit of the coordinates. */
export interface KindStatistics {
  readonly count: number;
  readonly meanWidth: number;
  readonly meanHeight: number;
  readonly maxConfidence: number;
}

/** What the time predicates read of a thing. */
export type LifeSpan = Pick<Entity, "firstSeen" | "lastSeen" | "areaHistory">;

export const CONCEPT_NUMBER: ReadonlyMap<ConceptId, number> = new Map(CONCEPT_IDS.map((id, index) => [id, index]));
const ATTRIBUTE_BIT: ReadonlyMap<AttributeId, number> = new Map(ATTRIBUTE_IDS.map((id, index) => [id, 2 ** index]));
const NO_HISTORY: Entity["areaHistory"] = [];
const NO_TAGS: Entity["tags"] = {};

/**
 * Entities column by column. Rows lie concept by concept and within one concept along a Hilbert curve, so that each
 * concept is a run of rows whose R-tree needs no leaves of its own. The entities that it was made from are not kept:
 * `entity(row)` makes an equal one anew. About 200 bytes an entity for footprints of five vertices.
 */
export class EntityTable implements Frame {
  readonly size: number;
  readonly space: Space;
  readonly unit: "m" | "px";
  /** Index into CONCEPT_IDS. */
  readonly concept: Uint8Array;
  /** 0..1. */
  readonly confidence: Float64Array;
  readonly shapes: Shapes;
  /** Box around all entities: minX, minY, maxX, maxY; zeros without any. */
  readonly extent: readonly [number, number, number, number];
  /** Numbers of the kinds that there are entities of. */
  readonly presentKinds: readonly number[];
  /** Place of the row's id among all ids in order; equal ids share it. */
  readonly idRank: Uint32Array;
  /** First row of each concept, by its number; one entry more than there are concepts. */
  readonly #conceptStart: Uint32Array;
  readonly #ids: readonly string[];
  readonly #byId: Uint32Array;
  readonly #attributes: Uint32Array;
  /** Distinct strings of dates and sources; the columns hold indexes into it, the first one is null. */
  readonly #strings: readonly (string | null)[];
  readonly #firstSeen: Uint32Array;
  readonly #lastSeen: Uint32Array;
  readonly #source: Uint32Array;
  readonly #rare: ReadonlyMap<number, RareColumns>;
  readonly #trees = new Map<number, PackedTree>();
  readonly #byConfidence = new Map<number, Uint32Array>();
  readonly #statistics = new Map<number, KindStatistics>();
  readonly #attributeShares = new Map<AttributeId, number>();

  private constructor(entities: Iterable<Entity>, { space, unit }: Frame) {
    const gathered = gather(entities);
    const { boxes, conceptNumber, builder } = gathered;
    const order = spatialOrder(boxes, conceptNumber);
    this.size = order.length;
    this.space = space;
    this.unit = unit;
    this.shapes = builder.finish(order);
    this.concept = new Uint8Array(order.length);
    this.confidence = new Float64Array(order.length);
    this.#attributes = new Uint32Array(order.length);
    this.#firstSeen = new Uint32Array(order.length);
    this.#lastSeen = new Uint32Array(order.length);
    this.#source = new Uint32Array(order.length);
    this.#strings = gathered.strings;
    const ids = new Array<string>(order.length);
    const rare = new Map<number, RareColumns>();
    this.#conceptStart = new Uint32Array(CONCEPT_IDS.length + 1);
    for (let row = 0; row < order.length; row += 1) {
      const from = order[row] as number;
      const number = conceptNumber[from] as number;
      this.concept[row] = number;
      this.#conceptStart[number + 1] = row + 1;
      this.confidence[row] = gathered.confidence[from] as number;
      this.#attributes[row] = gathered.attributes[from] as number;
      this.#firstSeen[row] = gathered.firstSeen[from] as number;
      this.#lastSeen[row] = gathered.lastSeen[from] as number;
      this.#source[row] = gathered.source[from] as number;
      ids[row] = gathered.ids[from] as string;
      const more = gathered.rare.get(from);
      if (more) rare.set(row, more);
    }
    for (let number = 1; number <= CONCEPT_IDS.length; number += 1)
      this.#conceptStart[number] = Math.max(
        this.#conceptStart[number] as number,
        this.#conceptStart[number - 1] as number,
      );
    this.presentKinds = Array.from(CONCEPT_IDS.keys()).filter(
      (kind) => this.#conceptStart[kind] !== this.#conceptStart[kind + 1],
    );
    this.extent = extentOf(this.shapes.boxes);
    this.#ids = ids;
    this.#rare = rare;
    this.#byId = sortedById(ids);
    this.idRank = new Uint32Array(order.length);
    let rank = 0;
    for (let i = 0; i < order.length; i += 1) {
      const row = this.#byId[i] as number;
      if (i > 0 && ids[row] !== ids[this.#byId[i - 1] as number]) rank += 1;
      this.idRank[row] = rank;
    }
  }

  /**
   * @throws {TerralogueError} `bad_vectors` for an entity without coordinates, with a coordinate that is no finite number,
   * or with a confidence outside 0..1
   */
  static from(entities: Iterable<Entity>, options: Partial<Frame> = {}): EntityTable {
    const { space = "map", unit = space === "map" ? "m" : "px" } = options;
    return new EntityTable(entities, { space, unit });
  }

  id(row: number): string {
    return this.#ids[row] as string;
  }

  /** The entity of a row, made anew. */
  entity(row: number): Entity {
    const rare = this.#rare.get(row);
    const attributes = this.#attributes[row] as number;
    return {
      id: this.id(row),
      concept: this.conceptOf(row),
      geometry: rare?.geometry ?? (geometryOf(this.shapes, row) as GeoJSON.Geometry),
      confidence: this.confidence[row] as number,
      attributes: ATTRIBUTE_IDS.filter((_, index) => (attributes & (2 ** index)) !== 0),
      name: rare?.name ?? null,
      source: this.#strings[this.#source[row] as number] ?? "",
      ...this.lifeSpan(row),
      tags: rare?.tags ?? NO_TAGS,
    };
  }

  conceptOf(row: number): ConceptId {
    return CONCEPT_IDS[this.concept[row] as number] as ConceptId;
  }

  lifeSpan(row: number): LifeSpan {
    return {
      firstSeen: this.#strings[this.#firstSeen[row] as number] ?? null,
      lastSeen: this.#strings[this.#lastSeen[row] as number] ?? null,
      areaHistory: this.#rare.get(row)?.areaHistory ?? NO_HISTORY,
    };
  }

  hasAttribute(row: number, attribute: AttributeId): boolean {
    return ((this.#attributes[row] as number) & (ATTRIBUTE_BIT.get(attribute) ?? 0)) !== 0;
  }

  /** A row of the id, or undefined. */
  row(id: string): number | undefined {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.id(this.#byId[middle] as number) < id) low = middle + 1;
      else high = middle;
    }
    const row = this.#byId[low];
    return row !== undefined && this.id(row) === id ? row : undefined;
  }

  /** First row and one past the last of a kind itself, without those below it. Kinds are numbers: indexes into CONCEPT_IDS. */
  rowsOf(kind: number): readonly [number, number] {
    return [this.#conceptStart[kind] as number, this.#conceptStart[kind + 1] as number];
  }

  /** How many entities are of the concept itself or of one below it. */
  count(concept: ConceptId): number {
    return [concept, ...subsumedConcepts(concept)].reduce((sum, below) => {
      const [start, end] = this.rowsOf(CONCEPT_NUMBER.get(below) as number);
      return sum + end - start;
    }, 0);
  }

  /** R-tree over the rows of a kind itself, or null when it has none. Built at the first use. */
  treeOf(kind: number): PackedTree | null {
    const [start, end] = this.rowsOf(kind);
    if (start === end) return null;
    let tree = this.#trees.get(kind);
    if (!tree) {
      tree = new PackedTree(this.shapes.boxes, this.confidence, start, end);
      this.#trees.set(kind, tree);
    }
    return tree;
  }

  /** Rows of a kind itself, most confident first, ties by id. Sorted at the first use. */
  byConfidence(kind: number): Uint32Array {
    let rows = this.#byConfidence.get(kind);
    if (!rows) {
      const [start, end] = this.rowsOf(kind);
      const { confidence, idRank } = this;
      rows = Uint32Array.from({ length: end - start }, (_, i) => start + i).sort(
        (a, b) =>
          (confidence[b] as number) - (confidence[a] as number) || (idRank[a] as number) - (idRank[b] as number),
      );
      this.#byConfidence.set(kind, rows);
    }
    return rows;
  }

  /** What plans are estimated from. Measured at the first use. */
  statistics(kind: number): KindStatistics {
    let statistics = this.#statistics.get(kind);
    if (!statistics) {
      const [start, end] = this.rowsOf(kind);
      const { boxes } = this.shapes;
      let [width, height, maxConfidence] = [0, 0, 0];
      for (let row = start; row < end; row += 1) {
        width += (boxes[row * 4 + 2] as number) - (boxes[row * 4] as number);
        height += (boxes[row * 4 + 3] as number) - (boxes[row * 4 + 1] as number);
        maxConfidence = Math.max(maxConfidence, this.confidence[row] as number);
      }
      const count = end - start;
      statistics = {
        count,
        meanWidth: width / Math.max(1, count),
        meanHeight: height / Math.max(1, count),
        maxConfidence,
      };
      this.#statistics.set(kind, statistics);
    }
    return statistics;
  }

  /** Share of all entities that an attribute is stated of. */
  attributeShare(attribute: AttributeId): number {
    let share = this.#attributeShares.get(attribute);
    if (share === undefined) {
      const bit = ATTRIBUTE_BIT.get(attribute) ?? 0;
      let count = 0;
      for (const attributes of this.#attributes) if ((attributes & bit) !== 0) count += 1;
      share = count / Math.max(1, this.size);
      this.#attributeShares.set(attribute, share);
    }
    return share;
  }
}

/** Columns that few entities have a value in, and the geometry of a collection. */
interface RareColumns {
  readonly name: string | null;
  readonly tags: Entity["tags"] | null;
  readonly areaHistory: Entity["areaHistory"] | null;
  readonly geometry: GeoJSON.Geometry | null;
}

function gather(entities: Iterable<Entity>) {
  const builder = new ShapeBuilder();
  const boxes = new GrowingColumn((size) => new Float64Array(size));
  const conceptNumber = new GrowingColumn((size) => new Uint8Array(size));
  const confidence = new GrowingColumn((size) => new Float64Array(size));
  const attributes = new GrowingColumn((size) => new Uint32Array(size));
  const firstSeen = new GrowingColumn((size) => new Uint32Array(size));
  const lastSeen = new GrowingColumn((size) => new Uint32Array(size));
  const source = new GrowingColumn((size) => new Uint32Array(size));
  const ids: string[] = [];
  const rare = new Map<number, RareColumns>();
  const strings: (string | null)[] = [null];
  const stringIndex = new Map<string | null, number>([[null, 0]]);
  const intern = (value: string | null): number => {
    let index = stringIndex.get(value);
    if (index === undefined) {
      index = strings.length;
      strings.push(value);
      stringIndex.set(value, index);
    }
    return index;
  };
  for (const entity of entities) {
    builder.add(entity.geometry);
    const box = builder.boxOfLast();
    if (!box) fail(entity, "no coordinates");
    if (Number.isNaN(box[0])) fail(entity, "a coordinate that is not a number");
    if (!(entity.confidence >= 0 && entity.confidence <= 1))
      fail(entity, `the confidence ${entity.confidence}, which is not between 0 and 1`);
    const number = CONCEPT_NUMBER.get(entity.concept);
    if (number === undefined) fail(entity, `the concept "${entity.concept}", which is not in the ontology`);
    for (const value of box) boxes.push(value);
    conceptNumber.push(number);
    confidence.push(entity.confidence);
    attributes.push(entity.attributes.reduce((bits, attribute) => bits | (ATTRIBUTE_BIT.get(attribute) ?? 0), 0));
    firstSeen.push(intern(entity.firstSeen));
    lastSeen.push(intern(entity.lastSeen));
    source.push(intern(entity.source));
    const row = ids.length;
    ids.push(entity.id);
    const hasTags = Object.keys(entity.tags).length > 0;
    const isCollection = entity.geometry.type === "GeometryCollection";
    if (entity.name !== null || hasTags || entity.areaHistory.length > 0 || isCollection)
      rare.set(row, {
        name: entity.name,
        tags: hasTags ? entity.tags : null,
        areaHistory: entity.areaHistory.length > 0 ? entity.areaHistory : null,
        geometry: isCollection ? entity.geometry : null,
      });
  }
  return {
    builder,
    ids,
    rare,
    strings,
    boxes: boxes.values,
    conceptNumber: conceptNumber.values,
    confidence: confidence.values,
    attributes: attributes.values,
    firstSeen: firstSeen.values,
    lastSeen: lastSeen.values,
    source: source.values,
  };
}

function extentOf(boxes: Float64Array): [number, number, number, number] {
  if (boxes.length === 0) return [0, 0, 0, 0];
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < boxes.length; at += 4) {
    minX = Math.min(minX, boxes[at] as number);
    minY = Math.min(minY, boxes[at + 1] as number);
    maxX = Math.max(maxX, boxes[at + 2] as number);
    maxY = Math.max(maxY, boxes[at + 3] as number);
  }
  return [minX, minY, maxX, maxY];
}

/** Numbers of the entities, concept by concept, each along a Hilbert curve over the middles of the boxes. */
function spatialOrder(boxes: Float64Array, conceptNumber: Uint8Array): Uint32Array {
  const count = conceptNumber.length;
  const [minX, minY, maxX, maxY] = extentOf(boxes);
  const scaleX = 65535 / Math.max(maxX - minX, Number.MIN_VALUE);
  const scaleY = 65535 / Math.max(maxY - minY, Number.MIN_VALUE);
  // 8 bits of concept, 28 of the curve, 28 of the number: one native sort, no comparison function.
  const keys = new BigUint64Array(count);
  for (let i = 0; i < count; i += 1) {
    const x = Math.min(65535, (((boxes[i * 4] as number) + (boxes[i * 4 + 2] as number)) / 2 - minX) * scaleX) | 0;
    const y = Math.min(65535, (((boxes[i * 4 + 1] as number) + (boxes[i * 4 + 3] as number)) / 2 - minY) * scaleY) | 0;
    const place = Math.floor(hilbertPlace(x, y) / 16);
    keys[i] = (BigInt((conceptNumber[i] as number) * 2 ** 28 + place) << 28n) | BigInt(i);
  }
  keys.sort();
  return Uint32Array.from(keys, (key) => Number(key & 0xfffffffn));
}

/** Rows in the order of their ids. */
function sortedById(ids: readonly string[]): Uint32Array {
  return Uint32Array.from(ids.keys()).sort((a, b) => {
    const left = ids[a] as string;
    const right = ids[b] as string;
    return left < right ? -1 : left > right ? 1 : a - b;
  });
}

function fail(entity: Entity, what: string): never {
  throw new TerralogueError(
    "bad_vectors",
    `Entity "${entity.id}" has ${what}; mend it in its source and ingest again.`,
  );
}

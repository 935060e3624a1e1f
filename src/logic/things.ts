import { type AttributeId, CONCEPT_IDS, type ConceptId } from "../../knowledge/ontology/ids.ts";
import type { Entity } from "../store/entity.ts";
import { CONCEPT_NUMBER, type EntityTable, type LifeSpan } from "./entity-table.ts";
import { shapeArea } from "./shape-distance.ts";
import { type Shapes, shapesOf } from "./shapes.ts";

/** What a variable stands for: a row of the table from 0 on, or, below 0, a guest: a candidate or a place that is in no table. */
export type Thing = number;

interface Guest {
  readonly entity: Entity;
  readonly shapes: Shapes;
}

/** Rows of a table and guests, read alike. */
export class Things {
  readonly table: EntityTable;
  readonly #guests: Guest[] = [];

  constructor(table: EntityTable) {
    this.table = table;
  }

  /** Takes in a thing that is in no table. */
  invite(entity: Entity): Thing {
    this.#guests.push({ entity, shapes: shapesOf([entity.geometry]) });
    return -this.#guests.length;
  }

  /** Lets another thing stand where a guest stood. */
  replace(guest: Thing, entity: Entity): void {
    this.#guests[-guest - 1] = { entity, shapes: shapesOf([entity.geometry]) };
  }

  #guest(thing: Thing): Guest {
    return this.#guests[-thing - 1] as Guest;
  }

  /** Columns that hold the thing's geometry, at `shapeIndex(thing)`. */
  shapes(thing: Thing): Shapes {
    return thing >= 0 ? this.table.shapes : this.#guest(thing).shapes;
  }

  shapeIndex(thing: Thing): number {
    return thing >= 0 ? thing : 0;
  }

  entity(thing: Thing): Entity {
    return thing >= 0 ? this.table.entity(thing) : this.#guest(thing).entity;
  }

  id(thing: Thing): string {
    return thing >= 0 ? this.table.id(thing) : this.#guest(thing).entity.id;
  }

  areSame(a: Thing, b: Thing): boolean {
    if (a === b) return true;
    const { idRank } = this.table;
    return a >= 0 && b >= 0 ? idRank[a] === idRank[b] : this.id(a) === this.id(b);
  }

  conceptNumber(thing: Thing): number {
    return thing >= 0
      ? (this.table.concept[thing] as number)
      : (CONCEPT_NUMBER.get(this.#guest(thing).entity.concept) as number);
  }

  concept(thing: Thing): ConceptId {
    return CONCEPT_IDS[this.conceptNumber(thing)] as ConceptId;
  }

  confidence(thing: Thing): number {
    return thing >= 0 ? (this.table.confidence[thing] as number) : this.#guest(thing).entity.confidence;
  }

  hasAttribute(thing: Thing, attribute: AttributeId): boolean {
    return thing >= 0
      ? this.table.hasAttribute(thing, attribute)
      : this.#guest(thing).entity.attributes.includes(attribute);
  }

  lifeSpan(thing: Thing): LifeSpan {
    return thing >= 0 ? this.table.lifeSpan(thing) : this.#guest(thing).entity;
  }

  /** Square metres (pixels) of the thing's polygons; 0 for lines and points. */
  area(thing: Thing): number {
    return shapeArea(this.shapes(thing), this.shapeIndex(thing));
  }
}

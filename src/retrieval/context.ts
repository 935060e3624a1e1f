import { createHash } from "node:crypto";
import Flatbush from "flatbush";
import type { ConceptId } from "../../knowledge/ontology/ids.ts";
import { TerralogueError } from "../errors.ts";
import { EntityTable } from "../logic/entity-table.ts";
import type { Encoder, TextEncoder } from "../models/ports.ts";
import type { Gazetteer } from "../query/turn.ts";
import { encoderMix } from "../store/encoder-ids.ts";
import type { Entity } from "../store/entity.ts";
import type { BoxM } from "../store/ports.ts";
import type { Workspace } from "../workspace.ts";
import type { TextVector } from "./knowledge/retrieve.ts";
import { boxOf } from "./planar.ts";
import { definitionParts, supportingConcepts } from "./supporting-concepts.ts";

/** What the retrieval stages read: one open workspace and what is derived from it once. */
export interface RetrievalContext {
  readonly workspace: Workspace;
  readonly encoder: Encoder;
  readonly gazetteer: Gazetteer;
  /** ISO dates of the imagery, oldest first. */
  readonly dates: readonly string[];
  /** All entities, column by column, for the reasoner. Built at the first use. */
  table(): EntityTable;
  /** Those of them that still stand on a date, as far as their life spans tell; all without a date. */
  standing(date: string | null): EntityTable;
  entity(id: string): Entity | null;
  /** Vector of a chip that was encoded before, in this run or an earlier one; null: no pixels there; undefined: not encoded yet. */
  chipVector(key: string): Float32Array | null | undefined;
  keepChips(entries: readonly (readonly [key: string, vector: Float32Array | null])[]): void;
  /** Names what the imagery of a date shows: the same files, the same name. */
  contentOf(date: string | null): string;
  /** Encodes a message for `textVector`, where the passages of the workspace were described by the same encoder. */
  describeText(text: string): Promise<void>;
  /** Vector of a message that was described before; null without one. Replies are written without waiting. */
  textVector(text: string): TextVector | null;
  /** Concepts that the definition of `concept` names; none for a primitive one. */
  partsOf(concept: ConceptId): readonly ConceptId[];
  /** Boxes of the entities that show a concept (itself, what it subsumes, what its definition names). */
  boxes(concept: ConceptId): BoxIndex;
}

/** Static index over boxes in working-CRS metres. */
export interface BoxIndex {
  readonly size: number;
  /** Entities whose box meets `box`. */
  within(box: BoxM): readonly Entity[];
  /** Metres from `box` to the nearest entity box, at most `limit`. */
  distance(box: BoxM, limit: number): number;
}

/** Keeps the `capacity` entries that were set last. */
export interface BoundedMap<V> {
  has(key: string): boolean;
  get(key: string): V | undefined;
  set(key: string, value: V): void;
}

export function createBoundedMap<V>(capacity: number): BoundedMap<V> {
  const entries = new Map<string, V>();
  return {
    has: (key) => entries.has(key),
    get: (key) => entries.get(key),
    set: (key, value) => {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size > capacity) entries.delete(entries.keys().next().value as string);
    },
  };
}

/** About 16 MB of vectors of 256 dimensions. */
const CHIP_VECTORS = 16_384;

/** Messages whose vectors are kept. */
const TEXT_VECTORS = 256;

/**
 * @param textEncoder the encoder by which messages are compared with passages; without one their words alone are
 * @throws {TerralogueError} `bad_workspace` when its tiles were encoded by another encoder than this one
 */
export function createRetrievalContext(
  workspace: Workspace,
  encoder: Encoder,
  gazetteer: Gazetteer,
  textEncoder: TextEncoder | null = null,
): RetrievalContext {
  const held = workspace.imageEncoder;
  if (held !== null && held !== encoder.id)
    throw new TerralogueError("bad_workspace", encoderMix(workspace.directory, held, encoder.id));
  const textVectors = createBoundedMap<TextVector>(TEXT_VECTORS);
  const chips = createBoundedMap<Float32Array | null>(CHIP_VECTORS);
  const contents = new Map<string | null, string>();
  const isDescribed = textEncoder !== null && workspace.knowledge.textEncoders().includes(textEncoder.id);
  const tables = new Map<string | null, EntityTable>();
  const standing = (date: string | null): EntityTable => {
    const held = tables.get(date);
    if (held) return held;
    const all = workspace.entities.query({});
    const left = all.filter(({ lastSeen }) => date === null || lastSeen === null || lastSeen >= date);
    const made =
      date !== null && left.length === all.length ? standing(null) : EntityTable.from(left, { space: "map" });
    tables.set(date, made);
    return made;
  };
  const indexes = new Map<ConceptId, BoxIndex>();
  return {
    workspace,
    encoder,
    gazetteer,
    dates: [...new Set(workspace.images.flatMap((image) => image.date ?? []))].sort(),
    table: () => standing(null),
    standing,
    describeText: async (text) => {
      if (!textEncoder || !isDescribed || textVectors.has(text)) return;
      textVectors.set(text, { encoder: textEncoder.id, vector: await textEncoder.encodeQueries([text]) });
    },
    textVector: (text) => textVectors.get(text) ?? null,
    chipVector: (key) => {
      const held = chips.get(key);
      if (held !== undefined) return held;
      const stored = workspace.chips.get(key);
      if (stored !== undefined) chips.set(key, stored);
      return stored;
    },
    keepChips: (entries) => {
      for (const [key, vector] of entries) chips.set(key, vector);
      workspace.chips.put(entries);
    },
    contentOf: (date) => {
      let content = contents.get(date);
      if (content === undefined) {
        const ids = workspace.images.filter((image) => image.date === date).map(({ id }) => id);
        content = createHash("sha256").update(ids.join("|")).digest("hex").slice(0, 16);
        contents.set(date, content);
      }
      return content;
    },
    partsOf: definitionParts,
    entity: (id) => workspace.entities.get(id),
    boxes: (concept) => {
      let index = indexes.get(concept);
      if (!index) {
        index = indexBoxes(workspace.entities.query({ concepts: supportingConcepts(concept) }));
        indexes.set(concept, index);
      }
      return index;
    },
  };
}

function indexBoxes(entities: readonly Entity[]): BoxIndex {
  if (entities.length === 0) return { size: 0, within: () => [], distance: (_, limit) => limit };
  const tree = new Flatbush(entities.length);
  for (const entity of entities) tree.add(...boxOf(entity.geometry));
  tree.finish();
  return {
    size: entities.length,
    within: (box) => tree.search(...box).map((index) => entities[index] as Entity),
    distance: (box, limit) => {
      const boxes = entities;
      let best = limit;
      const grown: BoxM = [box[0] - limit, box[1] - limit, box[2] + limit, box[3] + limit];
      for (const index of tree.search(...grown)) {
        best = Math.min(best, boxDistance(box, boxOf((boxes[index] as Entity).geometry)));
        if (best === 0) break;
      }
      return best;
    },
  };
}

function boxDistance(a: BoxM, b: BoxM): number {
  const dx = Math.max(0, b[0] - a[2], a[0] - b[2]);
  const dy = Math.max(0, b[1] - a[3], a[1] - b[3]);
  return Math.hypot(dx, dy);
}

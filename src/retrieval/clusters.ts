import { DEFINITIONS, GROUPINGS } from "../../knowledge/ontology/definitions.ts";
import { subsumedConcepts } from "../../knowledge/ontology/hierarchy.ts";
import type { ConceptId } from "../../knowledge/ontology/ids.ts";
import type { EntityTable } from "../logic/entity-table.ts";
import type { Proof } from "../logic/proof.ts";
import { createProver } from "../logic/prove.ts";
import { search } from "../logic/search.ts";
import { parseFormula } from "../logic/text.ts";
import type { Entity } from "../store/entity.ts";
import type { BoxM } from "../store/ports.ts";
import { type BoundedMap, createBoundedMap, type RetrievalContext } from "./context.ts";
import { areaM2, asOutline, boxesMeet, boxOf, hull, mergeOutlines, type Outline } from "./planar.ts";
import type { Candidate } from "./values.ts";

/** Seeds of the definition that are looked at, best first. */
const MOST_SEEDS = 3000;
/** A cluster stops growing when its box would get longer than this: farther things are another place. */
const LARGEST_EXTENT_M = 2000;
/** Share of a cluster's built area that must be new (or gone) for the whole to count as new (or gone). */
const CHANGED_SHARE = 0.6;
/** Or this share of the members, where there are so many: an estate of new houses is new beside one large old hall. */
const CHANGED_MEMBERS = 0.8;
const MANY_MEMBERS = 10;
/** Up to this many members the outline is their convex hull, beyond it the union of their own outlines' hulls. */
const MOST_HULL_MEMBERS = 400;

/** Seeds without witnesses are one place when their boxes are this close. */
const BESIDE_M = 25;

interface Seed {
  readonly entity: Entity;
  readonly truth: number;
}

interface Binding extends Seed {
  readonly proof: Proof;
}

/** Searches whose clusters are kept for each table: a refinement asks for the same places again. */
const MOST_KEPT = 32;
const kept = new WeakMap<EntityTable, BoundedMap<readonly Candidate[]>>();

/**
 * Places that fit a defined concept, or one that it subsumes: every entity that satisfies the definition, with its witnesses; those that share
 * members are one place. The outline is the convex hull of the members (one thing alone keeps its own), the truth that of the best seed, whose proof is kept.
 */
export function proposeClusters(
  concept: ConceptId,
  area: Outline,
  dates: { readonly before: string | null; readonly after: string | null },
  table: EntityTable,
  context: RetrievalContext,
): readonly Candidate[] {
  const areaBox = boxOf(area);
  const held = kept.get(table) ?? createBoundedMap<readonly Candidate[]>(MOST_KEPT);
  kept.set(table, held);
  const key = [concept, dates.before, dates.after, ...areaBox].join("|");
  let clusters = held.get(key);
  if (!clusters) {
    clusters = gathered(concept, areaBox, dates, table, context);
    held.set(key, clusters);
  }
  return clusters;
}

function gathered(
  concept: ConceptId,
  areaBox: BoxM,
  dates: { readonly before: string | null; readonly after: string | null },
  table: EntityTable,
  context: RetrievalContext,
): readonly Candidate[] {
  return [concept, ...subsumedConcepts(concept)].flatMap((kind) => {
    const definition = DEFINITIONS[kind] ?? GROUPINGS[kind];
    if (!definition) return [];
    const formula = parseFormula(definition.formula);
    const { bindings } = search(table, formula, { free: "x", limit: MOST_SEEDS, minTruth: 0.05, proofs: false });
    const inArea = bindings.filter(({ entity }) => boxesMeet(boxOf(entity.geometry), areaBox));
    const proofOf = createProver(table, formula, { free: "x" });
    return gather(inArea, proofOf, context).flatMap((cluster) => asCandidate(kind, cluster, dates, context) ?? []);
  });
}

interface Cluster {
  readonly best: Binding;
  readonly members: readonly Entity[];
}

/**
 * Grows clusters from the best seeds on: a seed joins the first cluster that already holds it or one of its witnesses. What is a member already is not
 * proved again: its own witnesses come in with seeds that are not yet members.
 */
function gather(
  seeds: readonly Seed[],
  proofOf: (entity: Entity) => Proof,
  context: RetrievalContext,
): readonly Cluster[] {
  const clusters: { best: Binding; members: Map<string, Entity>; box: BoxM }[] = [];
  const clusterOf = new Map<string, number>();
  for (const seed of seeds) {
    if (clusterOf.has(seed.entity.id)) continue;
    const binding: Binding = { ...seed, proof: proofOf(seed.entity) };
    const things = [binding.entity, ...binding.proof.witnesses.flatMap((id) => context.entity(id) ?? [])];
    const box = things.map(({ geometry }) => boxOf(geometry)).reduce(unite);
    const held = things.map(({ id }) => clusterOf.get(id)).find((index) => index !== undefined);
    // A definition without witnesses makes a place of its seeds alone: those that nearly touch are one.
    const beside =
      held === undefined && things.length === 1
        ? clusters.findIndex((other) => gapBetween(other.box, box) <= BESIDE_M)
        : -1;
    const shared = held ?? (beside >= 0 ? beside : undefined);
    const cluster = shared === undefined ? undefined : clusters[shared];
    const fits = cluster !== undefined && extent(unite(cluster.box, box)) <= LARGEST_EXTENT_M;
    const index = cluster && fits ? (shared as number) : clusters.length;
    if (index === clusters.length) clusters.push({ best: binding, members: new Map(), box });
    const target = clusters[index] as (typeof clusters)[number];
    target.box = unite(target.box, box);
    for (const thing of things) {
      if (clusterOf.has(thing.id) && clusterOf.get(thing.id) !== index) continue;
      clusterOf.set(thing.id, index);
      target.members.set(thing.id, thing);
    }
  }
  return clusters.map(({ best, members }) => ({ best, members: [...members.values()] }));
}

function gapBetween(a: BoxM, b: BoxM): number {
  return Math.hypot(Math.max(0, b[0] - a[2], a[0] - b[2]), Math.max(0, b[1] - a[3], a[1] - b[3]));
}

function unite(a: BoxM, b: BoxM): BoxM {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

function extent(box: BoxM): number {
  return Math.max(box[2] - box[0], box[3] - box[1]);
}

function asCandidate(
  concept: ConceptId,
  { best, members }: Cluster,
  dates: { readonly before: string | null; readonly after: string | null },
  context: RetrievalContext,
): Candidate | null {
  const outlines = members.map(({ geometry }) => asOutline(geometry, context.workspace.crs));
  // One thing alone, as a lake that is a reservoir, has its own outline.
  const [alone] = outlines.length === 1 ? outlines : [];
  const geometry = alone ?? (members.length <= MOST_HULL_MEMBERS ? hull(outlines) : mergeOutlines(outlines));
  if (!geometry) return null;
  return {
    id: `cluster:${concept}:${members.map(({ id }) => id).sort()[0]}`,
    concept,
    geometry,
    confidence: best.truth,
    origin: "cluster",
    conceptProof: best.proof,
    attributes: [],
    name: null,
    source: [...new Set(members.map(({ source }) => source))].sort().join(", "),
    entityIds: members.map(({ id }) => id),
    ...lifeSpan(members, dates),
    saliency: 0,
    coarse: 0,
  };
}

/** A cluster is new or gone when most of its built area is; its area on both dates is that of the members then standing. */
function lifeSpan(
  members: readonly Entity[],
  dates: { readonly before: string | null; readonly after: string | null },
): Pick<Candidate, "firstSeen" | "lastSeen" | "areaHistory"> {
  const sized = members.map((member) => ({ member, size: Math.max(1, areaM2(member.geometry)) }));
  const total = sized.reduce((sum, { size }) => sum + size, 0);
  const share = (keep: (entity: Entity) => boolean) =>
    sized.filter(({ member }) => keep(member)).reduce((sum, { size }) => sum + size, 0) / total;
  const latest = (values: readonly (string | null)[]) =>
    values
      .flatMap((value) => value ?? [])
      .sort()
      .at(-1) ?? null;
  const isMostly = (keep: (entity: Entity) => boolean) =>
    share(keep) >= CHANGED_SHARE ||
    (members.length >= MANY_MEMBERS && members.filter(keep).length >= CHANGED_MEMBERS * members.length);
  const firstSeen = isMostly(({ firstSeen }) => firstSeen !== null) ? latest(members.map((m) => m.firstSeen)) : null;
  const lastSeen = isMostly(({ lastSeen }) => lastSeen !== null) ? latest(members.map((m) => m.lastSeen)) : null;
  const { before, after } = dates;
  if (before === null || after === null) return { firstSeen, lastSeen, areaHistory: [] };
  const standing = (date: string) =>
    Math.round(
      total *
        share((m) => (m.firstSeen === null || m.firstSeen <= date) && (m.lastSeen === null || m.lastSeen >= date)),
    );
  const areaHistory = [before, after].map((date) => ({ date, areaM2: standing(date) }));
  return { firstSeen, lastSeen, areaHistory };
}

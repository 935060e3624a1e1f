import { TerralogueError } from "../errors.ts";
import type { Draft } from "./draft.ts";
import { type Query, QuerySchema, type Relation } from "./schema.ts";
import type { QueryPatch } from "./turn.ts";

/**
 * The query with the operations applied in order. Paths are slots: "time", "target.areaM2", "relations.0.distanceM",
 * "relations.-" (append). The input is not changed.
 *
 * @throws {TerralogueError} `bad_question` when a path does not exist or the result is no query
 */
export function applyPatch(query: Query, patch: QueryPatch): Query {
  const copy = structuredClone(query) as Record<string, unknown>;
  for (const { op, path, value } of patch) {
    const keys = path.split(".");
    const last = keys.pop() as string;
    let owner: unknown = copy;
    for (const key of keys)
      owner = owner && typeof owner === "object" ? (owner as Record<string, unknown>)[key] : undefined;
    if (!owner || typeof owner !== "object")
      throw new TerralogueError("bad_question", `The change names "${path}", which the query does not have.`);
    if (Array.isArray(owner)) {
      if (last === "-") owner.push(value);
      else if (op === "remove") owner.splice(Number(last), 1);
      else owner[Number(last)] = value;
    } else if (op === "remove" || value === undefined) {
      if (last === "time") (owner as Record<string, unknown>)[last] = null;
      else delete (owner as Record<string, unknown>)[last];
    } else (owner as Record<string, unknown>)[last] = value;
  }
  const checked = QuerySchema.safeParse(copy);
  if (!checked.success)
    throw new TerralogueError("bad_question", "The change would not leave a valid query; say it in other words.");
  return checked.data;
}

/** The smallest changes that bring what a follow-up says into the standing query. Empty when it says nothing that changes it. */
export function patchFromDraft(draft: Draft, standing: Query): QueryPatch {
  const patch: QueryPatch = [];
  const replace = (path: string, value: unknown) => patch.push({ op: "replace", path, value });
  if (draft.target && draft.target.concept !== standing.target.concept) {
    const asAnchor = standing.relations.findIndex(({ anchors }) =>
      anchors.some(({ concept }) => concept === draft.target?.concept),
    );
    if (asAnchor < 0) replace("target.concept", draft.target.concept);
    if (draft.target.areaM2) replace("target.areaM2", draft.target.areaM2);
  }
  const attributes = [...draft.attributes, ...(draft.target?.attributes ?? [])].filter(
    (attribute) => !standing.target.attributes.includes(attribute),
  );
  for (const attribute of new Set(attributes)) patch.push({ op: "add", path: "target.attributes.-", value: attribute });
  const size = draft.areaM2 ?? (draft.target?.concept === standing.target.concept ? draft.target.areaM2 : undefined);
  if (size) replace("target.areaM2", size);
  if (draft.count) replace("target.count", draft.count);
  if (draft.distance) {
    const index = distanceRelation(standing);
    if (index !== null) replace(`relations.${index}.distanceM`, draft.distance);
    else {
      const place = standing.geo.findIndex(({ relation }) => relation === "near" || relation === "far_from");
      if (place >= 0) replace(`geo.${place}.distanceM`, draft.distance.value);
    }
  }
  for (const relation of [...draft.relations, ...(draft.target?.relations ?? [])]) {
    const index = standing.relations.findIndex((other) => sameLink(other, relation));
    if (index >= 0) replace(`relations.${index}`, relation);
    else patch.push({ op: "add", path: "relations.-", value: relation });
  }
  for (const constraint of draft.geo) {
    const index = standing.geo.findIndex(
      (other) =>
        other.kind === constraint.kind &&
        (other.name ?? "") === (constraint.name ?? "") &&
        other.relation !== "outside",
    );
    if (index >= 0) replace(`geo.${index}`, constraint);
    else patch.push({ op: "add", path: "geo.-", value: constraint });
  }
  if (draft.time) replace("time", draft.time);
  if (draft.sort) replace("sort", draft.sort);
  if (draft.limit !== undefined) replace("limit", draft.limit);
  for (const exclusion of draft.exclude) patch.push({ op: "add", path: "exclude.-", value: exclusion });
  return patch;
}

/** The relation that a bare distance speaks of: the last positive one that distances bound. */
function distanceRelation(query: Query): number | null {
  const bounded = (relation: Relation) => ["near", "far_from", "adjacent", "along"].includes(relation.predicate);
  const index = query.relations.findLastIndex((relation) => bounded(relation) && !relation.negated);
  if (index >= 0) return index;
  const negated = query.relations.findLastIndex(bounded);
  return negated >= 0 ? negated : null;
}

function sameLink(a: Relation, b: Relation): boolean {
  const near = (relation: Relation) =>
    ["near", "adjacent", "along", "far_from"].includes(relation.predicate) ? "near" : relation.predicate;
  return near(a) === near(b) && a.negated === b.negated && a.anchors[0]?.concept === b.anchors[0]?.concept;
}

import { TerralogueError } from "../errors.ts";
import { type Query, QuerySchema } from "./schema.ts";
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

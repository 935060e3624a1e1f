import { TerralogueError } from "../src/errors.ts";
import type { AreaGeometry, Bbox } from "../src/query/schema.ts";
import type { TurnRequest } from "../src/turn/stages.ts";

export const LONGEST_MESSAGE = 4000;

/**
 * Refuses what no turn can be made of, before anything runs.
 *
 * @throws {TerralogueError} `bad_question` for an empty or overlong message or a malformed thread id; `bad_arguments` for a view or
 *   an area that is none on the globe
 */
export function checkRequest({ message, thread, viewport, area }: TurnRequest): void {
  if (message.trim() === "")
    throw new TerralogueError(
      "bad_question",
      "The message is empty; ask a question, for example “find quarries near a river”.",
    );
  if (message.length > LONGEST_MESSAGE)
    throw new TerralogueError(
      "bad_question",
      `The message has ${message.length} characters; at most ${LONGEST_MESSAGE} are read, shorten it.`,
    );
  if (thread !== undefined && !/^[A-Za-z0-9_-]{1,64}$/.test(thread))
    throw new TerralogueError(
      "bad_question",
      `The thread id "${thread.slice(0, 40)}" is malformed; use letters, digits, - and _, at most 64.`,
    );
  if (viewport && !isBox(viewport))
    throw new TerralogueError(
      "bad_arguments",
      `The viewport ${JSON.stringify(viewport).slice(0, 120)} is no box; give W,S,E,N in degrees with west under east and south under north.`,
    );
  const fault = area && areaFault(area);
  if (fault) throw new TerralogueError("bad_arguments", `The area ${fault}; give closed rings of lon, lat in degrees.`);
}

function isBox([west, south, east, north]: Bbox): boolean {
  return isPosition([west, south]) && isPosition([east, north]) && west < east && south < north;
}

/** What keeps the area from being one, or null. Rings close on themselves with at least four positions (RFC 7946, 3.1.6). */
function areaFault(area: AreaGeometry): string | null {
  const polygons = area.type === "Polygon" ? [area.coordinates] : area.coordinates;
  if (polygons.length === 0 || polygons.some((rings) => rings.length === 0)) return "has no ring";
  for (const ring of polygons.flat()) {
    if (ring.length < 4) return `has a ring of ${ring.length} positions`;
    const outside = ring.find((position) => !isPosition(position));
    if (outside) return `has the position ${JSON.stringify(outside).slice(0, 80)}, which is not on the globe`;
    const [first, last] = [ring[0], ring.at(-1)];
    if (first?.[0] !== last?.[0] || first?.[1] !== last?.[1]) return "has a ring that does not close";
  }
  return null;
}

function isPosition([lon = Number.NaN, lat = Number.NaN]: readonly number[]): boolean {
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
}

import { TerralogueError } from "../../errors.ts";
import { TILE_SCALES, tileAt } from "../../geo/tile-grid.ts";
import type { Bbox } from "../../query/schema.ts";
import { asOutline, boxOf, type Outline } from "../../retrieval/planar.ts";
import type { BoxM } from "../../store/ports.ts";
import type { Workspace } from "../../workspace.ts";
import { findRegion } from "../find-region.ts";
import type { CaptionArea } from "./collect-facts.ts";

/** An area to caption, in metres of the working CRS, and the date that it was asked about; null where none was. */
export interface NamedArea {
  readonly area: CaptionArea;
  readonly box: BoxM;
  readonly date: string | null;
  /** Set where the area is a tile. */
  readonly tileId: string | null;
}

/**
 * The area of a tile (`scale/ix/iy`), an entity, or a region of an earlier reply (`thread.turn.rank`), by its id.
 *
 * @throws {TerralogueError} `not_found`
 */
export function areaById(workspace: Workspace, id: string): NamedArea {
  const [, scale, ix, iy] = /^(\d+)\/(-?\d+)\/(-?\d+)$/.exec(id) ?? [];
  if (scale !== undefined && (TILE_SCALES as readonly number[]).includes(Number(scale))) {
    const { box } = tileAt(Number(scale), Number(ix), Number(iy));
    return { area: box, box, date: null, tileId: id };
  }
  const entity = workspace.entities.get(id);
  if (entity) return ofOutline(asOutline(entity.geometry, workspace.crs), null);
  try {
    const { region, reply } = findRegion(workspace, id);
    return ofOutline(workspace.crs.geometryFromWgs84(region.geometry) as Outline, reply.plan?.dates.after ?? null);
  } catch (fault) {
    if (!(fault instanceof TerralogueError)) throw fault;
    throw new TerralogueError(
      "not_found",
      `There is no tile, entity or region "${id.slice(0, 80)}"; tiles are SCALE/IX/IY, regions THREAD.TURN.RANK as their reply names them.`,
    );
  }
}

/** The area of a box in degrees. */
export function areaOfBbox(workspace: Workspace, [west, south, east, north]: Bbox): NamedArea {
  const corners: GeoJSON.Polygon = {
    type: "Polygon",
    coordinates: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  };
  return ofOutline(workspace.crs.geometryFromWgs84(corners) as Outline, null);
}

function ofOutline(outline: Outline, date: string | null): NamedArea {
  return { area: outline, box: boxOf(outline), date, tileId: null };
}

/**
 * The imagery date to caption: the one asked for, else that of the area's reply, else the newest.
 *
 * @throws {TerralogueError} `not_found` naming the dates there are
 */
export function captionDate(
  dates: readonly (string | null)[],
  area: NamedArea,
  asked: string | undefined,
): string | null {
  const known = dates.flatMap((date) => date ?? []);
  if (asked === undefined) return (area.date && known.includes(area.date) ? area.date : known.at(-1)) ?? null;
  if (known.includes(asked)) return asked;
  throw new TerralogueError(
    "not_found",
    `There is no imagery of ${asked.slice(0, 40)}; the dates are ${known.join(", ") || "none"}.`,
  );
}

import { TerralogueError } from "../errors.ts";
import type { StoredTurn } from "../store/ports.ts";
import { exportGeometry, provenanceOf, sourcesOf } from "./export-parts.ts";
import { type Reply, ReplySchema } from "./reply.ts";

export const EXPORT_FORMATS = ["geojson", "csv", "kml"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** MIME types by format. */
export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  geojson: "application/geo+json",
  csv: "text/csv; charset=utf-8",
  kml: "application/vnd.google-earth.kml+xml",
};

/**
 * The regions of a thread's last search as a file: GeoJSON (RFC 7946, with each proof), CSV (RFC 4180, outline as WKT) or
 * KML 2.2. All say from which sources each region is known, by which formula it was searched, and the hash of the plan.
 * Coordinates are WGS84 lon, lat; outlines follow the right-hand rule.
 *
 * @throws {TerralogueError} `not_found` when the thread has no turn with regions
 */
export function exportThread(turns: readonly StoredTurn[], thread: string, format: ExportFormat): string {
  const last = lastSearch(turns, thread);
  switch (format) {
    case "geojson":
      return geojson(last.reply, last.message);
    case "csv":
      return csv(last.reply);
    case "kml":
      return kml(last.reply, last.message);
  }
}

/**
 * The last turn of a thread that found regions, with what was asked.
 *
 * @throws {TerralogueError} `not_found` when there is none
 */
export function lastSearch(
  turns: readonly StoredTurn[],
  thread: string,
): { readonly reply: Reply; readonly message: string } {
  const replies = turns.map(({ reply, message }) => ({ reply: ReplySchema.parse(reply), message }));
  const last = replies.filter(({ reply }) => reply.regions.length > 0 && reply.plan !== null).at(-1);
  if (!last) {
    throw new TerralogueError(
      "not_found",
      `Thread "${thread}" has no search result to export; run a search in it first.`,
    );
  }
  return last;
}

function geojson(reply: Reply, message: string): string {
  const collection = {
    type: "FeatureCollection",
    title: message,
    ...provenanceOf(reply),
    features: reply.regions.map((region) => ({
      type: "Feature",
      id: region.id,
      bbox: region.bbox,
      geometry: exportGeometry(region),
      properties: {
        rank: region.rank,
        caption: region.caption,
        probability: region.probability,
        areaM2: region.areaM2,
        flags: region.flags,
        sources: sourcesOf(region),
        score: region.score,
        proof: region.proof,
        evidence: region.evidence.map(({ id, kind, label, date, source }) => ({ id, kind, label, date, source })),
      },
    })),
  };
  return `${JSON.stringify(collection, null, 2)}\n`;
}

function csv(reply: Reply): string {
  const header = "rank,id,probability,area_m2,longitude,latitude,caption,flags,sources,dates,formula,plan,geometry_wkt";
  const { plan, formula, dates } = provenanceOf(reply);
  const rows = reply.regions.map((region) => {
    const [west, south, east, north] = region.bbox;
    const cells = [
      region.rank,
      region.id,
      region.probability.toFixed(4),
      region.areaM2,
      ((west + east) / 2).toFixed(7),
      ((south + north) / 2).toFixed(7),
      region.caption,
      region.flags.join(" "),
      sourcesOf(region).join("; "),
      dates.join(" "),
      formula ?? "",
      plan ?? "",
      wkt(exportGeometry(region)),
    ];
    return cells.map(csvCell).join(",");
  });
  return `${[header, ...rows].join("\r\n")}\r\n`;
}

/** Quoted where it must be; words that a spreadsheet would run as a formula get a leading apostrophe. */
function csvCell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function wkt(geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon): string {
  const ring = (positions: readonly (readonly number[])[]) => `(${positions.map(([x, y]) => `${x} ${y}`).join(", ")})`;
  const polygon = (rings: readonly (readonly (readonly number[])[])[]) => `(${rings.map(ring).join(", ")})`;
  return geometry.type === "Polygon"
    ? `POLYGON ${polygon(geometry.coordinates)}`
    : `MULTIPOLYGON (${geometry.coordinates.map(polygon).join(", ")})`;
}

function kml(reply: Reply, message: string): string {
  const ring = (positions: readonly (readonly number[])[]) =>
    `<LinearRing><coordinates>${positions.map(([x, y]) => `${x},${y}`).join(" ")}</coordinates></LinearRing>`;
  const polygon = ([outer = [], ...holes]: readonly (readonly (readonly number[])[])[]) =>
    `<Polygon><outerBoundaryIs>${ring(outer)}</outerBoundaryIs>${holes.map((hole) => `<innerBoundaryIs>${ring(hole)}</innerBoundaryIs>`).join("")}</Polygon>`;
  const placemarks = reply.regions.map((region) => {
    const geometry = exportGeometry(region);
    const shape =
      geometry.type === "Polygon"
        ? polygon(geometry.coordinates)
        : `<MultiGeometry>${geometry.coordinates.map(polygon).join("")}</MultiGeometry>`;
    const data = extendedData({
      id: region.id,
      probability: region.probability.toFixed(4),
      areaM2: String(region.areaM2),
      flags: region.flags.join(" "),
      sources: sourcesOf(region).join("; "),
    });
    return `<Placemark id="region-${region.rank}"><name>#${region.rank}</name><description>${xml(region.caption)}</description><styleUrl>#region</styleUrl>${data}${shape}</Placemark>`;
  });
  const { plan, formula, dates } = provenanceOf(reply);
  const data = extendedData({ plan: plan ?? "", formula: formula ?? "", dates: dates.join(" ") });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>${xml(message)}</name>${KML_STYLE}${data}\n${placemarks.join("\n")}\n</Document></kml>\n`;
}

/** An outline that can be seen on any imagery; KML writes colours as alpha, blue, green, red. */
const KML_STYLE =
  '<Style id="region"><LineStyle><color>ff3dd1f5</color><width>3</width></LineStyle><PolyStyle><color>333dd1f5</color></PolyStyle></Style>';

/** Named values that programs show beside a place; empty ones are left out. */
function extendedData(values: Readonly<Record<string, string>>): string {
  const data = Object.entries(values)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `<Data name="${name}"><value>${xml(value)}</value></Data>`);
  return `<ExtendedData>${data.join("")}</ExtendedData>`;
}

function xml(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, (unit) => ("\n\r\t".includes(unit) ? unit : ""))
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

import { deflateRawSync } from "node:zlib";
import * as shapefile from "shapefile";
import { describe, expect, it } from "vitest";
import { readAreaFile as readFile } from "../../ui/src/map/read-area.ts";

/** No test here reads KML: that takes a browser. */
const readAreaFile = (file: Blob) =>
  readFile(file, () => {
    throw new Error("no parser of XML");
  });

type Ring = readonly (readonly [number, number])[];

/** Clockwise from the south-west, as outer rings of shapefiles run; `hole` turns it round. */
function square(west: number, south: number, size: number, hole = false): Ring {
  const ring: Ring = [
    [west, south],
    [west, south + size],
    [west + size, south + size],
    [west + size, south],
    [west, south],
  ];
  return hole ? [...ring].reverse() : ring;
}

/** A shapefile of polygons (type 5), each a list of rings. */
function shp(polygons: readonly (readonly Ring[])[]): Buffer {
  const records = polygons.map((rings, index) => {
    const points = rings.flat();
    const record = Buffer.alloc(52 + rings.length * 4 + points.length * 16);
    record.writeInt32BE(index + 1, 0);
    record.writeInt32BE((record.length - 8) / 2, 4);
    record.writeInt32LE(5, 8);
    record.writeInt32LE(rings.length, 44);
    record.writeInt32LE(points.length, 48);
    let start = 0;
    rings.forEach((ring, i) => {
      record.writeInt32LE(start, 52 + i * 4);
      start += ring.length;
    });
    points.forEach(([x, y], i) => {
      record.writeDoubleLE(x, 52 + rings.length * 4 + i * 16);
      record.writeDoubleLE(y, 60 + rings.length * 4 + i * 16);
    });
    return record;
  });
  const header = Buffer.alloc(100);
  header.writeInt32BE(9994, 0);
  header.writeInt32BE((100 + records.reduce((sum, { length }) => sum + length, 0)) / 2, 24);
  header.writeInt32LE(1000, 28);
  header.writeInt32LE(5, 32);
  return Buffer.concat([header, ...records]);
}

function zip(files: Readonly<Record<string, Buffer>>, isPacked = true): Blob {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = isPacked ? deflateRawSync(content) : content;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(isPacked ? 8 : 0, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    const whole = Buffer.concat([local, Buffer.from(name), packed]);
    locals.push(whole);
    directory.push(entry, Buffer.from(name));
    offset += whole.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(offset, 16);
  return new Blob([Buffer.concat([...locals, entries, end])]);
}

const WGS84 = Buffer.from('GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]]');
const polygons = [[square(2, 41, 0.1), square(2.02, 41.02, 0.02, true)], [square(2.3, 41.3, 0.05)]];

describe("an area from a file", () => {
  it.each([true, false])(
    "is read from a zipped shapefile as a reader of shapefiles reads it (packed: %s)",
    async (isPacked) => {
      const bytes = shp(polygons);
      const read = await readAreaFile(zip({ "plan/area.shp": bytes, "plan/area.prj": WGS84 }, isPacked));
      const source = await shapefile.open(bytes);
      const expected: unknown[] = [];
      for (let next = await source.read(); !next.done; next = await source.read()) {
        const { geometry } = next.value;
        expected.push(
          ...(geometry.type === "Polygon"
            ? [geometry.coordinates]
            : geometry.type === "MultiPolygon"
              ? geometry.coordinates
              : []),
        );
      }
      expect(read).toEqual({ kind: "area", area: { type: "MultiPolygon", coordinates: expected } });
    },
  );

  it("is refused in another coordinate system, without a shapefile, and when the archive is broken", async () => {
    const fault = { kind: "fault", fault: "not_readable" };
    const projected = Buffer.from('PROJCS["WGS_1984_UTM_Zone_31N",GEOGCS["GCS_WGS_1984"]]');
    expect(await readAreaFile(zip({ "a.shp": shp(polygons), "a.prj": projected }))).toEqual(fault);
    expect(await readAreaFile(zip({ "a.txt": Buffer.from("no map") }))).toEqual(fault);
    const whole = Buffer.from(await zip({ "a.shp": shp(polygons) }).arrayBuffer());
    expect(await readAreaFile(new Blob([whole.subarray(0, whole.length / 2)]))).toEqual(fault);
  });

  it("is every polygon of a GeoJSON file, closed and without heights", async () => {
    const ring = [
      [2, 41, 5],
      [3, 41, 5],
      [3, 42, 5],
    ];
    const text = JSON.stringify({
      type: "FeatureCollection",
      features: [
        { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [0, 0] } },
        { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } },
      ],
    });
    expect(await readAreaFile(new Blob([text]))).toEqual({
      kind: "area",
      area: {
        type: "Polygon",
        coordinates: [
          [
            [2, 41],
            [3, 41],
            [3, 42],
            [2, 41],
          ],
        ],
      },
    });
  });

  it("is refused for files without polygons, off the globe, too large or of another kind", async () => {
    const read = async (text: string) => await readAreaFile(new Blob([text]));
    expect(await read('{"type":"Point","coordinates":[0,0]}')).toMatchObject({ fault: "no_polygon" });
    const metres = { type: "Polygon", coordinates: [square(431_000, 4_600_000, 100)] };
    expect(await read(JSON.stringify(metres))).toMatchObject({ fault: "not_readable" });
    expect(await read("hello")).toMatchObject({ fault: "not_readable" });
    expect(await read("x".repeat(8 * 1024 * 1024 + 1))).toMatchObject({ fault: "too_large" });
  });
});

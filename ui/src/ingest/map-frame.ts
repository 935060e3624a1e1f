/** W, S, E, N in degrees. */
export type Box = readonly [number, number, number, number];

/** Part of the Web Mercator plane, in tiles of a zoom: one unit is one tile. */
export interface MapFrame {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the world is cut off so that it is a square. */
const MOST_LATITUDE = 85.051129;
const DEEPEST_ZOOM = 22;
/** Room around the box, as a share of its longer side. */
const MARGIN = 0.06;

/** A position in tiles of a zoom, from the north-west corner of the world. */
export function project(longitude: number, latitude: number, zoom: number): readonly [number, number] {
  const radians = (Math.max(-MOST_LATITUDE, Math.min(MOST_LATITUDE, latitude)) * Math.PI) / 180;
  const size = 2 ** zoom;
  return [((longitude + 180) / 360) * size, ((1 - Math.asinh(Math.tan(radians)) / Math.PI) / 2) * size];
}

/**
 * The frame of a picture that shows a whole box.
 *
 * @param aspect width over height of the picture
 * @param across tiles that fit side by side into the picture at most
 */
export function frameOf([west, south, east, north]: Box, aspect: number, across: number): MapFrame {
  const [x0, y0] = project(west, north, 0);
  const [x1, y1] = project(east, south, 0);
  const room = Math.max(x1 - x0, y1 - y0, 1e-9) * MARGIN;
  const width = Math.max(x1 - x0 + 2 * room, (y1 - y0 + 2 * room) * aspect);
  const height = width / aspect;
  const zoom = Math.max(0, Math.min(DEEPEST_ZOOM, Math.floor(Math.log2(across / width))));
  const size = 2 ** zoom;
  return {
    zoom,
    x: ((x0 + x1) / 2 - width / 2) * size,
    y: ((y0 + y1) / 2 - height / 2) * size,
    width: width * size,
    height: height * size,
  };
}

/** The tiles that a frame shows, those that are in the world. */
export function tilesIn({
  zoom,
  x,
  y,
  width,
  height,
}: MapFrame): readonly { readonly x: number; readonly y: number }[] {
  const most = 2 ** zoom - 1;
  const tiles = [];
  for (let row = Math.max(0, Math.floor(y)); row <= Math.min(most, Math.floor(y + height)); row += 1)
    for (let column = Math.max(0, Math.floor(x)); column <= Math.min(most, Math.floor(x + width)); column += 1)
      tiles.push({ x: column, y: row });
  return tiles;
}

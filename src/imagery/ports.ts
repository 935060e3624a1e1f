import type { BoxM } from "../store/ports.ts";

/** What a raster file says of itself, after checks. `path` is absolute or an http(s) URL. */
export interface RasterDescription {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  readonly sampleType: "uint8" | "int8" | "uint16" | "int16" | "uint32" | "int32" | "float32" | "float64";
  /** "EPSG:32650", or a proj4 string where the file defines its own. */
  readonly crs: string;
  /** GDAL order: x = t0 + col·t1 + row·t2, y = t3 + col·t4 + row·t5 (t2 = t4 = 0; t5 may be positive: bottom-up). */
  readonly transform: readonly [number, number, number, number, number, number];
  readonly nodata: number | null;
  /** Ground sample distance in metres at the centre. */
  readonly gsd: number;
  readonly overviews: number;
  /** W, S, E, N. */
  readonly bboxWgs84: readonly [number, number, number, number];
  /** SHA-256 over header, size and sampled content: names the content, not the path. */
  readonly fingerprint: string;
  /** "public" for a URL that was named over the network: it is followed to addresses of the public internet alone. */
  readonly reach?: "public";
}

/** Image files of one date over one area. */
export interface MosaicImage {
  readonly id: string;
  readonly description: RasterDescription;
  /** ISO date or null when none was given. */
  readonly date: string | null;
  /** Box in the working CRS. */
  readonly box: BoxM;
}

/** 8-bit RGB pixels, row-major, top row first, with a validity mask; the box is where they lie in the working CRS. */
export interface Chip {
  readonly width: number;
  readonly height: number;
  /** 3 bytes a pixel. */
  readonly rgb: Uint8Array;
  /** 1 where any image covers the pixel, else 0. */
  readonly valid: Uint8Array;
  readonly box: BoxM;
  readonly date: string | null;
}

/** A window of a raster with its bands by name, planes of [height × width], row-major, top row first. */
export interface BandWindow {
  readonly width: number;
  readonly height: number;
  readonly bands: Readonly<Record<string, Float32Array>>;
  /** 1 where the raster has data. */
  readonly valid: Uint8Array;
}

/** Which bands are read as red, green and blue: those that are, or green, infrared and infrared. */
export type BandView = "natural" | "infrared";

/** Reads pixels of the workspace's mosaics. All images of a date are composed, later files on top. */
export interface MosaicReader {
  /** Dates with imagery, oldest first; null for undated images. */
  readonly dates: readonly (string | null)[];
  /** Finest GSD of a date in metres. */
  gsd(date: string | null): number;
  /** North-up chip of `box`, resampled to width × height from the fittest overview. Resolves with `valid` all 0 outside coverage. */
  readChip(
    box: BoxM,
    date: string | null,
    size: { width: number; height: number },
    signal?: AbortSignal,
  ): Promise<Chip>;
  /** Source pixels decoded since the reader was made. */
  readonly pixelsRead: number;
}

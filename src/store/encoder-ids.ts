/** Vectors of embedding rasters are stored under `raster:NAME@YEAR` (mean) and that with `#max`, `#variance`, `#length` and `#difference`. */
const RASTER = /^raster:(.+)@(\d{4})(?:#(\w+))?$/;

export interface RasterSpace {
  readonly name: string;
  readonly year: number;
  /** What of the embeddings the vectors hold; null for their means at unit length. */
  readonly part: string | null;
}

/** What the id of an encoder says of an embedding raster; null for encoders of imagery. */
export function rasterSpace(encoder: string): RasterSpace | null {
  const match = RASTER.exec(encoder);
  return match ? { name: match[1] as string, year: Number(match[2]), part: match[3] ?? null } : null;
}

/** One sentence on why vectors of two encoders are not searched together, and the command that mends it. */
export function encoderMix(directory: string, held: string, wanted: string): string {
  return `The workspace ${directory} holds vectors of ${held}, but this Terralogue encodes with ${wanted}, and the two cannot be compared; encode its tiles again with: npm run --silent ingest -- --workspace ${directory} --reembed.`;
}

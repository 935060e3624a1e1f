import { scalesFor, tileAt, tilesMeeting } from "../geo/tile-grid.ts";
import type { Chip, MosaicImage, MosaicReader } from "../imagery/ports.ts";
import { chipStatistics } from "../imagery/statistics.ts";
import { inTurn } from "../in-turn.ts";
import type { Encoder } from "../models/ports.ts";
import type { BoxM, TileRecord } from "../store/ports.ts";
import type { Db } from "../store/sqlite/database.ts";
import { insertTile } from "../store/sqlite/tiles.ts";
import { ChipPyramid } from "./chip-pyramid.ts";
import { isDone, markDone } from "./ingest.ts";

/** Imagery is read in squares of this side in metres, each once; all tiles of all scales inside come from it. */
const BLOCK_M = 2048;
/** A block is read with at most this many pixels a side; finer imagery is averaged. */
const BLOCK_PX = 2048;
/** Blocks read while one is encoded: with one alone the encoder waits now and then. */
const BLOCKS_AHEAD = 2;
/** Tiles are embedded from at most this many pixels a side. */
const TILE_PX = 256;
/** Their statistics, of which only flags make use, from fewer. */
const STATISTICS_PX = 128;

/** Statistics and an embedding for every tile of every date: one transaction a block. Returns the source pixels of the blocks done. */
export async function indexTiles(deps: {
  readonly db: Db;
  readonly images: readonly MosaicImage[];
  readonly reader: MosaicReader;
  readonly encoder: Encoder;
  readonly onProgress: (done: number, label: string) => void;
}): Promise<number> {
  const { db, images, reader, encoder, onProgress } = deps;
  const blocks = reader.dates.flatMap((date) => {
    const ofDate = images.filter((image) => image.date === date);
    const each = new Map(ofDate.flatMap(({ box }) => tilesMeeting(box, BLOCK_M)).map((block) => [block.id, block]));
    return [...each.values()].map(({ id, box }) => {
      const shown = ofDate.filter((image) => meet(image.box, box)).map((image) => image.id);
      return { date, box, job: `tiles/${encoder.id}/${date ?? ""}/${id}/${shown.join("+")}` };
    });
  });
  const left = blocks.map((block, index) => ({ ...block, index })).filter(({ job }) => !isDone(db, job));
  const before = reader.pixelsRead;
  // While the vectors of one block are made, the next ones are read.
  const described = inTurn(
    left,
    async (block) => {
      onProgress(
        block.index / blocks.length,
        `${block.date ?? "undated"} block ${block.index + 1} of ${blocks.length}`,
      );
      return { job: block.job, tiles: await describeBlock(block.box, block.date, reader, encoder) };
    },
    BLOCKS_AHEAD,
  );
  for await (const { job, tiles } of described) {
    db.transaction(() => {
      for (const { record, vector } of tiles) insertTile(db, record, [{ encoder: encoder.id, vector }]);
      markDone(db, job);
    }).immediate();
  }
  return reader.pixelsRead - before;
}

function meet(a: BoxM, b: BoxM): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

function countOnes(values: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < values.length; i += 1) count += values[i] as number;
  return count;
}

async function describeBlock(
  box: BoxM,
  date: string | null,
  reader: MosaicReader,
  encoder: Encoder,
): Promise<{ record: TileRecord; vector: Float32Array }[]> {
  const gsd = reader.gsd(date);
  const side = Math.max(1, Math.min(BLOCK_PX, Math.round(BLOCK_M / gsd)));
  const whole = await reader.readChip(box, date, { width: side, height: side });
  if (!whole.valid.includes(1)) return [];
  const pyramid = new ChipPyramid(whole);
  const out: { record: TileRecord; chip: Chip }[] = [];
  for (const scale of scalesFor(gsd)) {
    const count = BLOCK_M / scale;
    for (let j = 0; j < count; j += 1) {
      for (let i = 0; i < count; i += 1) {
        const tile = tileAt(scale, Math.round(box[0] / scale) + i, Math.round(box[1] / scale) + j);
        const partOf = (most: number) => pyramid.part(i / count, (count - 1 - j) / count, 1 / count, most, tile.box);
        const chip = partOf(TILE_PX);
        const coverage = countOnes(chip.valid) / chip.valid.length;
        if (coverage === 0) continue;
        const statistics = Object.fromEntries(
          Object.entries(chipStatistics(partOf(STATISTICS_PX))).map(([name, value]) => [
            name,
            Math.round(value * 1e4) / 1e4,
          ]),
        );
        out.push({ record: { ...tile, date, coverage: Math.round(coverage * 1e4) / 1e4, statistics }, chip });
      }
    }
  }
  const vectors = await encoder.encodeChips(out.map(({ chip }) => chip));
  return out.map(({ record }, i) => ({
    record,
    vector: vectors.slice(i * encoder.dimensions, (i + 1) * encoder.dimensions),
  }));
}

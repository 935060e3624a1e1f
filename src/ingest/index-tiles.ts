import { scalesFor, tileAt, tilesMeeting } from "../geo/tile-grid.ts";
import type { Chip, MosaicImage, MosaicReader } from "../imagery/ports.ts";
import { chipStatistics } from "../imagery/statistics.ts";
import { inTurn } from "../in-turn.ts";
import type { Encoder } from "../models/ports.ts";
import type { BoxM, TileRecord } from "../store/ports.ts";
import type { Db } from "../store/sqlite/database.ts";
import { insertTile } from "../store/sqlite/tiles.ts";
import { isDone, markDone } from "./ingest.ts";

/** Imagery is read in squares of this side in metres, each once; all tiles of all scales inside come from it. */
const BLOCK_M = 2048;
/** A block is read with at most this many pixels a side; finer imagery is averaged. */
const BLOCK_PX = 2048;
/** Tiles are described from at most this many pixels a side. */
const TILE_PX = 256;

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
  // While the vectors of one block are made, the next one is read.
  const described = inTurn(left, async (block) => {
    onProgress(block.index / blocks.length, `${block.date ?? "undated"} block ${block.index + 1} of ${blocks.length}`);
    return { job: block.job, tiles: await describeBlock(block.box, block.date, reader, encoder) };
  });
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

async function describeBlock(
  box: BoxM,
  date: string | null,
  reader: MosaicReader,
  encoder: Encoder,
): Promise<{ record: TileRecord; vector: Float32Array }[]> {
  const gsd = reader.gsd(date);
  const side = Math.max(1, Math.min(BLOCK_PX, Math.round(BLOCK_M / gsd)));
  const whole = await reader.readChip(box, date, { width: side, height: side });
  const out: { record: TileRecord; chip: Chip }[] = [];
  for (const scale of scalesFor(gsd)) {
    const count = BLOCK_M / scale;
    for (let j = 0; j < count; j += 1) {
      for (let i = 0; i < count; i += 1) {
        const tile = tileAt(scale, Math.round(box[0] / scale) + i, Math.round(box[1] / scale) + j);
        const chip = subChip(whole, i / count, (count - 1 - j) / count, 1 / count, tile.box);
        const coverage = chip.valid.reduce((sum, value) => sum + value, 0) / chip.valid.length;
        if (coverage === 0) continue;
        const statistics = Object.fromEntries(
          Object.entries(chipStatistics(chip)).map(([name, value]) => [name, Math.round(value * 1e4) / 1e4]),
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

/** A square part of a chip, averaged down to at most 256 pixels a side. */
function subChip(whole: Chip, left: number, top: number, share: number, box: BoxM): Chip {
  const side = whole.width * share;
  const factor = Math.max(1, Math.ceil(side / TILE_PX));
  const size = Math.max(1, Math.floor(side / factor));
  const rgb = new Uint8Array(size * size * 3);
  const valid = new Uint8Array(size * size);
  const x0 = Math.round(whole.width * left);
  const y0 = Math.round(whole.height * top);
  if (factor === 1) {
    for (let row = 0; row < size; row += 1) {
      const from = (y0 + row) * whole.width + x0;
      rgb.set(whole.rgb.subarray(from * 3, (from + size) * 3), row * size * 3);
      valid.set(whole.valid.subarray(from, from + size), row * size);
    }
    return { width: size, height: size, rgb, valid, box, date: whole.date };
  }
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      let [r, g, b, n] = [0, 0, 0, 0];
      for (let dy = 0; dy < factor; dy += 1) {
        const from = (y0 + row * factor + dy) * whole.width + x0 + column * factor;
        for (let dx = 0; dx < factor; dx += 1) {
          if (whole.valid[from + dx] !== 1) continue;
          r += whole.rgb[(from + dx) * 3] as number;
          g += whole.rgb[(from + dx) * 3 + 1] as number;
          b += whole.rgb[(from + dx) * 3 + 2] as number;
          n += 1;
        }
      }
      if (n === 0) continue;
      const at = row * size + column;
      rgb[at * 3] = Math.round(r / n);
      rgb[at * 3 + 1] = Math.round(g / n);
      rgb[at * 3 + 2] = Math.round(b / n);
      valid[at] = 1;
    }
  }
  return { width: size, height: size, rgb, valid, box, date: whole.date };
}

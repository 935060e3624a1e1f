import { TerralogueError } from "../errors.ts";
import type { BoxM } from "../store/ports.ts";
import { conceptScores } from "./coarse.ts";
import type { RetrievalContext } from "./context.ts";
import type { Plan } from "./plan.ts";
import type { Saliency, SaliencyCell, TileHit } from "./values.ts";

/** The descent ends at cells of this side in metres. */
const FINEST_CELL_M = 64;
/** A chip has at most this many pixels a side, and no more than the imagery has. */
const CHIP_SIDE_PX = 128;
const SMALLEST_CHIP_PX = 16;
const BATCH_CHIPS = 16;
/** Cells under this saliency are not split further. */
const SPLIT_FROM = 0.3;
/** A frontier cell above this, left when the budget ends, means that the search was cut short. */
const PROMISING = 0.6;

type Work = Pick<Saliency, "pixelsRead" | "chipsEncoded" | "pixelsSeen" | "chipsSeen">;

interface Cell extends SaliencyCell {
  readonly side: number;
}

/**
 * Best-first descent of the image pyramid: the most salient cell is split in four, its quarters are read as chips,
 * encoded in batches and scored for the concept, until nothing promising is left or the pixel budget is spent.
 * Without an encoder that can tell the concept no pixel is read, and the coarse scores stand as they are.
 *
 * @param tiles coarse tiles, best first
 * @returns saliency 0..1 of every visited cell that was not split further; `pixelsRead` counts chip pixels
 * @throws {TerralogueError} `cancelled` when the signal aborts
 * @see the dynamic image pyramid of LRS-VQA, arXiv 2503.07588
 */
export async function refine(
  tiles: readonly TileHit[],
  plan: Plan,
  context: RetrievalContext,
  signal?: AbortSignal,
): Promise<Saliency> {
  const { concept } = plan.query.target;
  const seeds: Cell[] = tiles.map(({ tile, score, parts }) => ({
    box: tile.box,
    date: tile.date,
    score: parts.image ?? score,
    side: tile.scale,
  }));
  const canScore = conceptScores(concept, new Float32Array(0), context) !== null;
  if (!canScore || context.workspace.images.length === 0) {
    const cells = tiles.map(({ tile, score }): SaliencyCell => ({ box: tile.box, date: tile.date, score }));
    return { cells, pixelsRead: 0, chipsEncoded: 0, pixelsSeen: 0, chipsSeen: 0, exhausted: false };
  }
  const frontier = [...seeds].sort(byScore);
  const settled: SaliencyCell[] = [];
  const work = { pixelsRead: 0, chipsEncoded: 0, pixelsSeen: 0, chipsSeen: 0 };
  let exhausted = false;
  while (frontier.length > 0) {
    if (signal?.aborted) throw new TerralogueError("cancelled", "The search was stopped.");
    const parents = takeParents(frontier, settled);
    if (parents.length === 0) continue;
    const quarters = parents.flatMap(split);
    const scored = await scoreCells(quarters, plan, context, plan.budget.pixels - work.pixelsSeen, signal);
    if (scored === null) {
      exhausted = parents.some(({ score }) => score >= PROMISING);
      settled.push(...[...parents, ...frontier].map(withoutSide));
      break;
    }
    for (const key of ["pixelsRead", "chipsEncoded", "pixelsSeen", "chipsSeen"] as const) work[key] += scored.work[key];
    frontier.push(...scored.cells);
    frontier.sort(byScore);
  }
  return { cells: settled.sort(byScore), ...work, exhausted };
}

function byScore(a: SaliencyCell, b: SaliencyCell): number {
  return b.score - a.score || a.box[0] - b.box[0] || a.box[1] - b.box[1];
}

function withoutSide({ box, date, score }: Cell): SaliencyCell {
  return { box, date, score };
}

/** Takes the best cells that fill one batch of quarters; those that need no split move to `settled`. */
function takeParents(frontier: Cell[], settled: SaliencyCell[]): readonly Cell[] {
  const parents: Cell[] = [];
  while (frontier.length > 0 && parents.length < BATCH_CHIPS / 4) {
    const cell = frontier.shift() as Cell;
    if (cell.side / 2 < FINEST_CELL_M || cell.score < SPLIT_FROM) settled.push(withoutSide(cell));
    else parents.push(cell);
  }
  return parents;
}

function split({ box, side, date, score }: Cell): readonly Cell[] {
  const half = side / 2;
  return [0, 1, 2, 3].map((quarter): Cell => {
    const minX = box[0] + (quarter % 2) * half;
    const minY = box[1] + Math.floor(quarter / 2) * half;
    return { box: [minX, minY, minX + half, minY + half], side: half, date, score };
  });
}

/** Scores cells on the plan's date or dates; null when reading them would exceed the pixels that are left. */
async function scoreCells(
  cells: readonly Cell[],
  plan: Plan,
  context: RetrievalContext,
  pixelsLeft: number,
  signal?: AbortSignal,
): Promise<{ cells: readonly Cell[]; work: Work } | null> {
  const { before, after } = plan.dates;
  const dates = before === null || before === after ? [after] : [after, before];
  const wanted = dates.flatMap((date) => cells.map((cell) => request(cell.box, date, context)));
  const pixelsOf = (chips: readonly { readonly side: number }[]) =>
    chips.reduce((sum, { side }) => sum + side * side, 0);
  // Counted whether they are cached or not, so that a plan gives the same answer the second time.
  if (pixelsOf(wanted) > pixelsLeft) return null;
  const known = new Map(wanted.map(({ key }) => [key, context.chipVector(key)]));
  const missing = wanted.filter(({ key }) => known.get(key) === undefined);
  const chips = await Promise.all(
    missing.map(({ box, date, side }) =>
      context.workspace.reader.readChip(box, date, { width: side, height: side }, signal),
    ),
  );
  if (chips.length > 0) {
    const vectors = await context.encoder.encodeChips(chips);
    const { dimensions } = context.encoder;
    const encoded = missing.map(({ key }, index) => {
      const covered = (chips[index] as (typeof chips)[number]).valid.some((value) => value !== 0);
      return [key, covered ? vectors.slice(index * dimensions, (index + 1) * dimensions) : null] as const;
    });
    context.keepChips(encoded);
    for (const [key, vector] of encoded) known.set(key, vector);
  }
  const scoreOf = (box: BoxM, date: string | null): number => {
    const vector = known.get(request(box, date, context).key) ?? null;
    return vector ? (conceptScores(plan.query.target.concept, vector, context)?.[0] ?? 0) : 0;
  };
  return {
    cells: cells.map((cell) => ({
      ...cell,
      date: after,
      score: timedScore(plan, scoreOf(cell.box, after), dates.length > 1 ? scoreOf(cell.box, before) : null),
    })),
    work: {
      pixelsRead: pixelsOf(missing),
      chipsEncoded: missing.length,
      pixelsSeen: pixelsOf(wanted),
      chipsSeen: wanted.length,
    },
  };
}

/** Saliency under the time constraint: a new thing shows after and not before, a gone one the other way round. */
function timedScore(plan: Plan, after: number, before: number | null): number {
  if (before === null) return after;
  switch (plan.query.time?.kind) {
    case "new":
      return after * (1 - before / 2);
    case "gone":
      return before * (1 - after / 2);
    default:
      return Math.max(after, before);
  }
}

function request(box: BoxM, date: string | null, context: RetrievalContext) {
  const gsd = context.workspace.reader.gsd(date);
  const side = Math.max(SMALLEST_CHIP_PX, Math.min(CHIP_SIDE_PX, Math.round((box[2] - box[0]) / gsd)));
  return { box, date, side, key: `${context.encoder.id}|${context.contentOf(date)}|${box.join(",")}|${side}` };
}

import { TerralogueError } from "../errors.ts";
import type { BoxM } from "../store/ports.ts";
import { conceptScores } from "./coarse.ts";
import type { BoxIndex, RetrievalContext } from "./context.ts";
import { logOdds } from "./fusion.ts";
import { closerLooks } from "./look-closer.ts";
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
/** Things in a row that do not look like what is sought, after which the smaller ones are not looked at any more. */
const LOOKS_IN_VAIN = 2 * BATCH_CHIPS;
/** A likeness from which on a look was not in vain. */
const ALIKE = 0.2;
/** The descent has settled the answer when so many times the regions asked for are established in finest cells better than all that is left. */
const SETTLED_SHARE = 4;
/** A frontier cell above this, left when the budget ends, means that the search was cut short. */
const PROMISING = 0.6;

/** Counts of `Saliency`, as they grow. */
interface Work {
  pixelsRead: number;
  chipsEncoded: number;
  pixelsSeen: number;
  chipsSeen: number;
}

interface Cell extends SaliencyCell {
  readonly side: number;
}

/**
 * Best-first descent of the image pyramid: the most salient cell is split in four, its quarters are read as chips,
 * encoded in batches and scored for the concept, until nothing promising is left or the pixel budget is spent.
 * Without an encoder that can tell the concept no pixel is read, and the coarse scores stand as they are.
 *
 * @param tiles coarse tiles, best first
 * @param finestM side in metres of the cells at which the descent ends
 * @returns saliency 0..1 of every visited cell that was not split further; `pixelsRead` counts chip pixels
 * @throws {TerralogueError} `cancelled` when the signal aborts
 * @see the dynamic image pyramid of LRS-VQA, arXiv 2503.07588
 */
export async function refine(
  tiles: readonly TileHit[],
  plan: Plan,
  context: RetrievalContext,
  signal?: AbortSignal,
  finestM: number = FINEST_CELL_M,
): Promise<Saliency> {
  const { concept } = plan.query.target;
  const background = tiles.flatMap(({ parts }) => parts.image ?? []);
  const seeds: Cell[] = tiles.map(({ tile, score, parts }) => ({
    box: tile.box,
    date: tile.date,
    score: parts.image === undefined ? score : againstBackground(parts.image, background),
    side: tile.scale,
  }));
  const canScore = conceptScores(concept, new Float32Array(0), context) !== null;
  if (!canScore || context.workspace.images.length === 0) {
    const cells = tiles.map(({ tile, score }): SaliencyCell => ({ box: tile.box, date: tile.date, score }));
    return { cells, pixelsRead: 0, chipsEncoded: 0, pixelsSeen: 0, chipsSeen: 0, likeness: {}, exhausted: false };
  }
  const frontier = [...seeds].sort(byScore);
  const settled: SaliencyCell[] = [];
  const work: Work = { pixelsRead: 0, chipsEncoded: 0, pixelsSeen: 0, chipsSeen: 0 };
  let exhausted = false;
  const likeness = await lookCloser(tiles, plan, context, work, signal);
  const explained = context.boxes(concept);
  while (frontier.length > 0) {
    if (signal?.aborted) throw new TerralogueError("cancelled", "The search was stopped.");
    if (isAnswered(settled, frontier, plan, finestM)) {
      settled.push(...frontier.map(withoutSide));
      break;
    }
    const parents = takeParents(frontier, settled, explained, finestM);
    if (parents.length === 0) continue;
    const quarters = parents.flatMap(split);
    const scored = await scoreCells(quarters, plan, context, plan.budget.pixels - work.pixelsSeen, signal);
    if (scored === null) {
      exhausted = parents.some(({ score }) => score >= PROMISING);
      settled.push(...[...parents, ...frontier].map(withoutSide));
      break;
    }
    add(work, scored.work);
    frontier.push(...scored.cells.map((cell) => ({ ...cell, score: againstBackground(cell.score, background) })));
    frontier.sort(byScore);
  }
  return { cells: settled.sort(byScore), ...work, likeness, exhausted };
}

function byScore(a: SaliencyCell, b: SaliencyCell): number {
  return b.score - a.score || a.box[0] - b.box[0] || a.box[1] - b.box[1];
}

function withoutSide({ box, date, score }: Cell): SaliencyCell {
  return { box, date, score };
}

/** Whether enough of the finest cells are promising and at least as salient as the best that could still be split. */
function isAnswered(settled: readonly SaliencyCell[], frontier: readonly Cell[], plan: Plan, finestM: number): boolean {
  const best = Math.max(PROMISING, frontier[0]?.score ?? 0);
  const finest = settled.filter(({ box, score }) => score >= best && box[2] - box[0] < 2 * finestM);
  return finest.length >= SETTLED_SHARE * plan.budget.regions;
}

/**
 * Scores things of a more general kind by chips around them, a batch at a time, while half of the budget lasts (the other half is the descent's) and
 * looking is not in vain.
 */
async function lookCloser(
  tiles: readonly TileHit[],
  plan: Plan,
  context: RetrievalContext,
  work: Work,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, number>>> {
  const looks = closerLooks(tiles, plan, context);
  const likeness: Record<string, number> = {};
  let inVain = 0;
  for (let i = 0; i < looks.length; i += BATCH_CHIPS) {
    if (inVain >= LOOKS_IN_VAIN) break;
    if (signal?.aborted) throw new TerralogueError("cancelled", "The search was stopped.");
    const part = looks.slice(i, i + BATCH_CHIPS);
    const cells = part.map(({ box }) => ({ box, side: box[2] - box[0], date: plan.dates.after, score: 0 }));
    const scored = await scoreCells(cells, plan, context, plan.budget.pixels / 2 - work.pixelsSeen, signal);
    if (!scored) break;
    add(work, scored.work);
    for (const [k, { entity }] of part.entries()) likeness[entity.id] = scored.cells[k]?.score ?? 0;
    inVain = scored.cells.some(({ score }) => score >= ALIKE) ? 0 : inVain + part.length;
  }
  const scores = Object.values(likeness);
  return Object.fromEntries(Object.entries(likeness).map(([id, score]) => [id, againstBackground(score, scores)]));
}

/**
 * A score against those of everything else: where most of what there is looks like the concept, the encoder cannot tell it here, and looking like it
 * means little. From a median of 0.27 on, its log-odds above that are taken off twice.
 */
function againstBackground(score: number, all: readonly number[]): number {
  const median = all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
  const excess = Math.max(0, logOdds(median) + 1);
  return excess === 0 ? score : 1 / (1 + Math.exp(2 * excess - logOdds(score)));
}

function add(work: Work, more: Readonly<Work>): void {
  for (const key of ["pixelsRead", "chipsEncoded", "pixelsSeen", "chipsSeen"] as const) work[key] += more[key];
}

/**
 * Takes the best cells that fill one batch of quarters; those that need no split move to `settled`, and so do those in which things that show the
 * concept are known already: looking at them again would find nothing new.
 */
function takeParents(frontier: Cell[], settled: SaliencyCell[], explained: BoxIndex, finestM: number): readonly Cell[] {
  const parents: Cell[] = [];
  while (frontier.length > 0 && parents.length < BATCH_CHIPS / 4) {
    const cell = frontier.shift() as Cell;
    const isSettled = cell.side / 2 < finestM || cell.score < SPLIT_FROM;
    if (isSettled || explained.within(cell.box).length > 0) settled.push(withoutSide(cell));
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

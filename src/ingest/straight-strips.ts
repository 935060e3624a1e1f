/** Directions in which strips are looked for, spread evenly over half a turn. */
const DIRECTIONS = 48;
/** A strip may be broken by so many pixels: a parked car, a tree's shadow. */
const MOST_GAP = 2;
/** Share of its length over which a row of pixels beside the run belongs to the strip. */
const ROW_FILL = 0.6;
/** Of a run so much must not lie on a strip that was found before. */
const OWN_SHARE = 0.7;
/** Pixels around a strip that belong to it. */
const BESIDE = 2;

type Corner = readonly [column: number, row: number];

interface Run {
  readonly from: Corner;
  readonly to: Corner;
  readonly length: number;
}

/**
 * Long, narrow, straight pieces of a mask as rectangles of five corners (columns and rows, closed): the longest runs of pixels first, with the rows of pixels beside
 * them that are filled for most of the length. What is wider than `mostWidth` is a yard or a roof, and no strip.
 *
 * @param leastLength, mostWidth in pixels
 */
export function straightStrips(
  mask: Uint8Array,
  width: number,
  height: number,
  leastLength: number,
  mostWidth: number,
): readonly (readonly Corner[])[] {
  if (!mask.includes(1)) return [];
  const taken = new Uint8Array(mask.length);
  const isSet = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && mask[y * width + x] === 1;
  const strips: (readonly Corner[])[] = [];
  for (const run of longRuns(mask, width, height, leastLength).sort((a, b) => b.length - a.length)) {
    const steps = Math.round(run.length);
    const [dx, dy] = [(run.to[0] - run.from[0]) / steps, (run.to[1] - run.from[1]) / steps];
    const pixel = (along: number, across: number): Corner => [
      Math.floor(run.from[0] + along * dx - across * dy),
      Math.floor(run.from[1] + along * dy + across * dx),
    ];
    const share = (across: number, holds: (x: number, y: number) => boolean) => {
      let sum = 0;
      for (let i = 0; i <= steps; i += 1) if (holds(...pixel(i, across))) sum += 1;
      return sum / (steps + 1);
    };
    if (share(0, (x, y) => isSet(x, y) && taken[y * width + x] === 0) < OWN_SHARE) continue;
    let [low, high] = [0, 0];
    while (high - low <= mostWidth && share(high + 1, isSet) >= ROW_FILL) high += 1;
    while (high - low <= mostWidth && share(low - 1, isSet) >= ROW_FILL) low -= 1;
    for (let across = low - BESIDE; across <= high + BESIDE; across += 0.5)
      for (let i = 0; i <= steps; i += 0.5) {
        const [x, y] = pixel(i, across);
        if (x >= 0 && y >= 0 && x < width && y < height) taken[y * width + x] = 1;
      }
    if (high - low + 1 > mostWidth) continue;
    const corner = (along: number, across: number): Corner => [
      run.from[0] + along * dx - across * dy,
      run.from[1] + along * dy + across * dx,
    ];
    const [left, right] = [low - 0.5, high + 0.5];
    strips.push([corner(0, left), corner(steps, left), corner(steps, right), corner(0, right), corner(0, left)]);
  }
  return strips;
}

/** Runs of pixels of the mask along lines of all directions, by the middles of their first and last pixels. */
function longRuns(mask: Uint8Array, width: number, height: number, leastLength: number): Run[] {
  const runs: Run[] = [];
  for (let d = 0; d < DIRECTIONS; d += 1) {
    const angle = (d * Math.PI) / DIRECTIONS;
    const [dx, dy] = [Math.cos(angle), -Math.sin(angle)];
    // Every pixel is on one line of each direction: steps along the longer axis, beginning at each place of the shorter one.
    const isFlat = Math.abs(dx) >= Math.abs(dy);
    const slope = isFlat ? dy / dx : dx / dy;
    const [along, across] = isFlat ? [width, height] : [height, width];
    const drift = Math.ceil(Math.abs(slope) * along);
    for (let start = -drift; start < across + drift; start += 1) {
      const place = (i: number): Corner => {
        const j = start + Math.round(i * slope);
        return isFlat ? [i + 0.5, j + 0.5] : [j + 0.5, i + 0.5];
      };
      let [first, last] = [-1, -1];
      for (let i = 0; i <= along; i += 1) {
        const j = start + Math.round(i * slope);
        const isSet = i < along && j >= 0 && j < across && mask[isFlat ? j * width + i : i * width + j] === 1;
        if (isSet) {
          if (first < 0) first = i;
          last = i;
        } else if (first >= 0 && (i - last > MOST_GAP || i === along)) {
          const length = (last - first) * Math.hypot(1, slope);
          if (length >= leastLength) runs.push({ from: place(first), to: place(last), length });
          first = -1;
        }
      }
    }
  }
  return runs;
}

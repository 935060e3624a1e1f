import { expect, it } from "vitest";
import { precisionOf, tallySegments } from "../../src/evaluation/retrieval/segment-precision.ts";
import { boxPolygon } from "../../src/retrieval/planar.ts";

const square = (x: number, side = 10) => boxPolygon([x, 0, x + side, side]);
const thing = (concept: string, x: number, lastSeen: string | null = null) => ({
  concept,
  outline: square(x),
  box: [x, 0, x + 10, 10],
  lastSeen,
});
const find = (concept: string, x: number, source = "segmenter:s@1") => ({
  concept,
  geometry: square(x),
  source,
  lastSeen: null,
});
const tallyOf = (finds: readonly unknown[], things: readonly unknown[]) =>
  Object.fromEntries(tallySegments({ entities: { query: () => finds } } as never, { things } as never));

it("counts finds that lie on a thing of their kind or of one below it, and what is too close to call not at all", () => {
  const things = [
    thing("building", 0),
    thing("warehouse", 20),
    thing("rail_yard", 40),
    thing("pond", 60, "2020-01-01"),
  ];
  expect(
    tallyOf(
      [
        find("building", 2),
        find("building", 21),
        find("building", 80),
        // Half of it on the building: right; less: wrong.
        find("building", 5),
        find("building", 6),
        find("railway", 41),
        find("railway", 90),
        // The pond is gone.
        find("pond", 60),
        find("building", 0, "layer:map"),
      ],
      things,
    ),
  ).toEqual({
    building: { found: 5, right: 3 },
    railway: { found: 1, right: 0 },
    pond: { found: 1, right: 0 },
  });
});

it("gives each kind ten finds of the average precision, worked by hand", () => {
  const first = new Map([
    ["building", { found: 60, right: 50 }],
    ["railway", { found: 10, right: 0 }],
  ] as const);
  const second = new Map([["building", { found: 30, right: 30 }]] as const);
  // 80 of 100 are right: (80 + 8) / (90 + 10), (0 + 8) / (10 + 10).
  expect(precisionOf([first, second])).toEqual({ all: 0.8, of: { building: 0.88, railway: 0.4 } });
});

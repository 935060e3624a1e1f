import { describe, expect, it } from "vitest";
import { createPace, type Job, jobView, withoutPlaces } from "../../src/server/ingest/job.ts";
import type { Source } from "../../src/server/ingest/sources.ts";

const source = (by: Partial<Source>): Source => ({
  kind: "image",
  from: "path",
  upload: null,
  place: "/data/a.tif",
  name: "a.tif",
  date: null,
  ...by,
});

describe("the pace of a step", () => {
  it("is told after a second, from what was worked through since the first telling", () => {
    const pace = createPace(0);
    const px = (value: number) => ({ value, unit: "px" as const });
    // Half was done by an earlier attempt: only what is done now counts.
    expect(pace.tell(100, 0.5, px(0))).toEqual({ done: 0.5, elapsedMs: 100, rate: null, secondsLeft: null });
    expect(pace.tell(600, 0.55, px(1e6))).toMatchObject({ rate: null, secondsLeft: null });
    expect(pace.tell(2100, 0.6, px(4e6))).toEqual({
      done: 0.6,
      elapsedMs: 2100,
      rate: { perSecond: 2e6, unit: "px" },
      secondsLeft: 8,
    });
  });

  it("is not told where nothing moves", () => {
    const pace = createPace(0);
    pace.tell(0, 0, undefined);
    expect(pace.tell(60_000, 0, undefined)).toMatchObject({ rate: null, secondsLeft: null });
  });
});

describe("a job as it is told over HTTP", () => {
  const upload = source({ from: "upload", upload: "id", place: "/ws/uploads/id/b.tif", name: "b.tif" });

  it("keeps the service's folders and the keys of addresses to itself", () => {
    const url = source({ from: "url", place: "https://example.org/c.tif?key=secret#x" });
    const { sources } = jobView({ sources: [source({}), upload, url] } as unknown as Job);
    expect(sources.map(({ place }) => place)).toEqual(["/data/a.tif", null, "https://example.org/c.tif"]);
    expect(JSON.stringify(sources)).not.toMatch(/secret|uploads/);
  });

  it("tells faults by the name of the file that was sent", () => {
    expect(withoutPlaces("/ws/uploads/id/b.tif is empty.", [source({}), upload])).toBe("b.tif is empty.");
  });
});

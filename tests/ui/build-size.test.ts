import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { buildPage } from "../../scripts/build.mjs";

const PAGE = "dist/ui";
const MOST_KB = 300;

/** The scripts that the page cannot start without: those it names, and what these import at once. */
function firstScripts(): ReadonlySet<string> {
  const html = readFileSync(join(PAGE, "index.html"), "utf8");
  const named = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path as string);
  const found = new Set<string>();
  const visit = (path: string) => {
    if (found.has(path)) return;
    found.add(path);
    // `import(…)`, with a bracket, is loaded later.
    for (const [, name] of readFileSync(join(PAGE, path), "utf8").matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g))
      visit(`assets/${name}`);
  };
  named.forEach(visit);
  return found;
}

describe("the built page", () => {
  beforeAll(() => buildPage());

  it(`starts with less than ${MOST_KB} kB of compressed script, and without the map library`, () => {
    const scripts = [...firstScripts()];
    expect(scripts.length).toBeGreaterThan(0);
    const bytes = scripts.map((path) => gzipSync(readFileSync(join(PAGE, path))).length);
    expect(bytes.reduce((a, b) => a + b, 0)).toBeLessThan(MOST_KB * 1000);
    for (const path of scripts) expect(readFileSync(join(PAGE, path), "utf8")).not.toContain("maplibregl-canvas");
  });

  it("asks nobody else for anything: no address of another host in its markup and styles", () => {
    const html = readFileSync(join(PAGE, "index.html"), "utf8");
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(html).not.toMatch(/<script(?![^>]*src=)/);
    expect(html).not.toContain("<style");
  });
});

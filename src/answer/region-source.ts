import type { Region } from "./reply.ts";

/** What cites a region of a reply. */
export function regionSource(region: Region) {
  return {
    evidence: region.id,
    kind: "region" as const,
    title: `#${region.rank}`,
    quote: region.caption,
    source: [...new Set(region.evidence.flatMap(({ source }) => source ?? []))].slice(0, 4).join(", "),
  };
}

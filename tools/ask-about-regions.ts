import { z } from "zod";
import { exportThread } from "../src/answer/export.ts";
import { findRegion } from "../src/answer/find-region.ts";
import type { Engine } from "../src/engine.ts";
import { defineTool } from "./define-tool.ts";

const RegionId = z.string().min(3).max(120).describe("Region id: thread.turn.rank");

export const describeRegionTool = (engine: Engine) =>
  defineTool({
    name: "describe_region",
    description: "Caption, size, probability, proof and evidence of a region of an earlier reply.",
    schema: z.object({ region: RegionId }),
    call: ({ region }) => findRegion(engine.workspace, region).region,
  });

export const compareRegionsTool = (engine: Engine) =>
  defineTool({
    name: "compare_regions",
    description: "Sizes, probabilities and captions of two to ten regions side by side.",
    schema: z.object({ regions: z.array(RegionId).min(2).max(10) }),
    call: ({ regions }) => ({
      regions: regions.map((id) => {
        const { region } = findRegion(engine.workspace, id);
        return {
          id,
          caption: region.caption,
          areaM2: region.areaM2,
          probability: region.probability,
          flags: region.flags,
        };
      }),
    }),
  });

export const exportRegionsTool = (engine: Engine) =>
  defineTool({
    name: "export_regions",
    description: "The regions of a thread's last search as GeoJSON, CSV or KML text.",
    schema: z.object({ thread: z.string().min(1).max(64), format: z.enum(["geojson", "csv", "kml"]) }),
    call: ({ thread, format }) => ({
      format,
      text: exportThread(engine.workspace.threads.turns(thread), thread, format),
    }),
  });

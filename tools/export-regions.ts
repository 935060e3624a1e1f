import { z } from "zod";
import { exportThread } from "../src/answer/export.ts";
import { defineTool, type ToolDeps } from "./define-tool.ts";

export const exportRegionsTool = ({ workspace }: ToolDeps) =>
  defineTool({
    name: "export_regions",
    description: "The regions of a thread's last search as GeoJSON, CSV or KML text.",
    schema: z.object({ thread: z.string().min(1).max(64), format: z.enum(["geojson", "csv", "kml"]) }),
    call: ({ thread, format }) => ({ format, text: exportThread(workspace.threads.turns(thread), thread, format) }),
  });

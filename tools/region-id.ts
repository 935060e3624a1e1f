import { z } from "zod";

export const RegionIdSchema = z.string().min(3).max(120).describe("Region id: thread.turn.rank");

import type { Segmenter } from "./ports.ts";
import { largeRoofs } from "./spectral/large-roofs.ts";
import { smooth } from "./spectral/pixels.ts";
import { solarPanels } from "./spectral/solar-panels.ts";
import { truckYards } from "./spectral/truck-yards.ts";

const FINEST_GSD = 0.5;
const COARSEST_GSD = 2.6;

/**
 * Finds large roofs, truck yards and fields of solar panels by rules on colour and shape, without a trained model: a large roof is a plain
 * rectangle of roof colour with a shadow on one side; a truck yard is a lane of asphalt with rows of small bright
 * or coloured things along it; solar panels are large rectangles of dull dark blue with rows. Works from 0.5 to 2.6 m GSD; finds nothing in other imagery.
 */
export function createSpectralSegmenter(): Segmenter {
  return {
    id: "spectral-rules@3",
    concepts: ["large_roof", "truck_yard", "solar_panel"],
    segment: async (chip) => {
      const gsd = (chip.box[2] - chip.box[0]) / chip.width;
      if (gsd < FINEST_GSD || gsd > COARSEST_GSD) return [];
      const picture = smooth(chip);
      const even = smooth({ ...chip, rgb: picture });
      return [
        ...largeRoofs(chip, picture, even, gsd),
        ...truckYards(chip, picture, gsd),
        ...solarPanels(chip, even, gsd),
      ];
    },
  };
}

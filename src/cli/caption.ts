import { createLanguageModel } from "../../agents/language-model.ts";
import { modelSettings } from "../../agents/model-settings.ts";
import { loadPrompt } from "../../prompts/load-prompt.ts";
import { captionWithModel } from "../answer/captions/caption-with-model.ts";
import { collectFacts } from "../answer/captions/collect-facts.ts";
import { captionContextAround } from "../answer/captions/context.ts";
import { areaById, areaOfBbox, captionDate } from "../answer/captions/find-area.ts";
import { CAPTION_VARIANTS, writeCaption } from "../answer/captions/write-caption.ts";
import type { Language } from "../answer/words.ts";
import { TerralogueError } from "../errors.ts";
import { encodeChip } from "../imagery/map-tiles.ts";
import { openWorkspace } from "../open-workspace.ts";
import type { Caption } from "../store/caption.ts";
import type { BoxM } from "../store/ports.ts";
import type { Workspace } from "../workspace.ts";
import { parseBbox } from "./ask.ts";
import type { CliCommand } from "./command.ts";

interface Options {
  readonly workspace: string;
  readonly region?: string;
  readonly bbox?: string;
  readonly lang: string;
  readonly date?: string;
  readonly variant: string;
  readonly model?: boolean;
  readonly json?: boolean;
}

/** Side in pixels of the picture that a model is shown. */
const PICTURE_PX = 768;

export const captionCommand: CliCommand = {
  name: "caption",
  summary: "Tells what a place looks like, in one line, in things, and in layout.",
  configure: (command) => {
    command
      .requiredOption("--workspace <dir>", "workspace that holds the place")
      .option("--region <id>", "id of a region of a reply, of a tile or of an entity")
      .option("--bbox <w,s,e,n>", "box in degrees")
      .option("--lang <language>", "en or zh", "en")
      .option("--date <date>", "imagery date to speak of; the newest without it")
      .option("--variant <n>", `one of ${CAPTION_VARIANTS} wordings, from 0`, "0")
      .option("--model", "let the model at TERRALOGUE_LLM_URL word it, checked against the evidence")
      .option("--json", "print it as JSON, with the evidence of each clause")
      .action(async (options: Options) => {
        const language = languageOf(options.lang);
        const variant = variantOf(options.variant);
        if ((options.region === undefined) === (options.bbox === undefined))
          throw new TerralogueError("bad_arguments", "Give either --region ID or --bbox W,S,E,N.");
        const bbox = options.bbox === undefined ? null : parseBbox(options.bbox);
        const settings = options.model ? modelSettings(process.env) : null;
        if (options.model && !settings)
          throw new TerralogueError("bad_arguments", "--model needs TERRALOGUE_LLM_URL and TERRALOGUE_LLM_MODEL.");
        const workspace = await openWorkspace(options.workspace);
        try {
          const place = bbox ? areaOfBbox(workspace, bbox) : areaById(workspace, options.region as string);
          const date = captionDate(workspace.reader.dates, place, options.date);
          const facts = collectFacts(place.area, date, captionContextAround(workspace, place.box));
          let caption: Caption = writeCaption(facts, language, variant);
          if (settings) {
            const image = await pictureOf(workspace, place.box, date);
            const written = await captionWithModel(facts, language, createLanguageModel(settings), {
              system: loadPrompt("caption").text,
              ...(image && { image }),
            });
            caption = written.caption;
            for (const { level, text, fault } of written.dropped)
              process.stderr.write(`Dropped from ${level} (${fault}): ${text.trim()}\n`);
            process.stderr.write(`By the model: ${written.byModel.join(", ") || "nothing"}.\n`);
          }
          process.stdout.write(
            options.json
              ? `${JSON.stringify(caption, null, 2)}\n`
              : `${[caption.line, caption.objects, caption.layout].map(({ text }) => text).join("\n\n")}\n`,
          );
        } finally {
          workspace.close();
        }
      });
  },
};

function languageOf(text: string): Language {
  if (text === "en" || text === "zh") return text;
  throw new TerralogueError("bad_arguments", `There is no language "${text.slice(0, 40)}"; choose en or zh.`);
}

function variantOf(text: string): 0 | 1 | 2 | 3 {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value < CAPTION_VARIANTS) return value as 0 | 1 | 2 | 3;
  throw new TerralogueError("bad_arguments", `The variant must be a number from 0 to ${CAPTION_VARIANTS - 1}.`);
}

/** A north-up PNG of the box as a data URL; null where there is no imagery. */
async function pictureOf(workspace: Workspace, box: BoxM, date: string | null): Promise<string | null> {
  if (!workspace.reader.dates.includes(date)) return null;
  const longer = Math.max(box[2] - box[0], box[3] - box[1]);
  const pixels = (length: number) => Math.max(1, Math.round((PICTURE_PX * length) / longer));
  const size = { width: pixels(box[2] - box[0]), height: pixels(box[3] - box[1]) };
  const chip = await workspace.reader.readChip(box, date, size);
  if (!chip.valid.some((value) => value === 1)) return null;
  return `data:image/png;base64,${(await encodeChip(chip, "png")).toString("base64")}`;
}

import { z } from "zod";
import { TerralogueError } from "../../errors.ts";
import type { LanguageModel } from "../../models/language-model.ts";
import { type Caption, CaptionClauseSchema, type CaptionLevel } from "../../store/caption.ts";
import type { Language } from "../words.ts";
import { faultOf } from "./check-caption.ts";
import type { CaptionFacts } from "./facts.ts";
import { groundsOf } from "./grounds.ts";
import { writeCaption } from "./write-caption.ts";

const TIMEOUT_MS = 30_000;
/** Ids of a fact that the model sees. */
const MOST_IDS = 3;
/** A level is the model's when at least this share of its clauses holds. */
const LEAST_KEPT = 0.5;
/** Longer lines are no lines. */
const MOST_LINE_CHARACTERS = 240;

const LevelSchema = z.object({ clauses: z.array(CaptionClauseSchema).min(1).max(40) });
/** What the model fills; the texts are its clauses joined. */
export const ModelCaptionSchema = z.object({ line: LevelSchema, objects: LevelSchema, layout: LevelSchema });

const LEVELS = ["line", "objects", "layout"] as const;
export type CaptionLevelName = (typeof LEVELS)[number];

export interface ModelCaption {
  readonly caption: Caption;
  /** Levels whose text the model wrote; the others are written by rules. */
  readonly byModel: readonly CaptionLevelName[];
  /** Clauses of the model that the evidence does not back. */
  readonly dropped: readonly { readonly level: CaptionLevelName; readonly text: string; readonly fault: string }[];
}

export interface CaptionModelOptions {
  /** The versioned prompt. */
  readonly system: string;
  /** PNG data URL of the area, for models that see. */
  readonly image?: string;
  /** Milliseconds for both attempts together (default 30,000). */
  readonly timeoutMs?: number;
}

/**
 * The caption in a language model's words, each clause checked against the facts: a clause that cites what is not there, or says a
 * number, count, kind, colour, name or direction that its evidence does not back, is dropped. A line with a dropped clause, another
 * level that lost more than half of them, and everything on any fault (time-out, refusal, an answer of another shape twice)
 * is the rules' caption.
 */
export async function captionWithModel(
  facts: CaptionFacts,
  language: Language,
  model: LanguageModel,
  { system, image, timeoutMs = TIMEOUT_MS }: CaptionModelOptions,
): Promise<ModelCaption> {
  const own = writeCaption(facts, language);
  const grounds = groundsOf(facts);
  const answer = await ask(own, language, model, system, image, AbortSignal.timeout(timeoutMs));
  if (!answer) return { caption: own, byModel: [], dropped: [] };
  const dropped: ModelCaption["dropped"][number][] = [];
  const byModel: CaptionLevelName[] = [];
  const levelOf = (level: CaptionLevelName): CaptionLevel => {
    const clauses = spaced(answer[level].clauses, language);
    const kept = clauses.filter((clause) => {
      const fault = faultOf(clause, grounds, language);
      if (fault) dropped.push({ level, text: clause.text, fault });
      return fault === null;
    });
    const isWhole = kept.length === clauses.length;
    const text = kept.map((clause) => clause.text).join("");
    const holds =
      level === "line" ? isWhole && text.length <= MOST_LINE_CHARACTERS : kept.length >= LEAST_KEPT * clauses.length;
    if (!holds || kept.length === 0) return own[level];
    byModel.push(level);
    return { text, clauses: kept };
  };
  const [line, objects, layout] = LEVELS.map(levelOf) as [CaptionLevel, CaptionLevel, CaptionLevel];
  return { caption: { ...own, line, objects, layout }, byModel, dropped };
}

async function ask(
  own: Caption,
  language: Language,
  model: LanguageModel,
  system: string,
  image: string | undefined,
  signal: AbortSignal,
): Promise<z.infer<typeof ModelCaptionSchema> | null> {
  const user = `Language: ${language === "zh" ? "Chinese" : "English"}\nEvidence: ${JSON.stringify(evidenceFor(own))}`;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const repeated =
        attempt === 0
          ? user
          : `${user}\nThe answer before did not fit the schema. Answer with JSON of that schema alone.`;
      return await model.complete({
        system,
        user: repeated,
        schema: ModelCaptionSchema,
        signal,
        ...(image && { image }),
      });
    } catch (error) {
      const isInvalid = error instanceof TerralogueError && error.code === "model_fault";
      if (!isInvalid || signal.aborted) return null;
    }
  }
  return null;
}

/** The facts in words, each with the first of its ids; in JSON quotes, so that no name in the data can pass for the frame around it. */
function evidenceFor({
  line,
  objects,
  layout,
}: Caption): readonly { readonly says: string; readonly evidence: readonly string[] }[] {
  const seen = new Set<string>();
  return [line, objects, layout].flatMap(({ clauses }) =>
    clauses.flatMap(({ text, evidence }) => {
      const says = text.replace(/^[\s,;.，；、。]+|[\s,;，；、]+$/gu, "");
      if (seen.has(says)) return [];
      seen.add(says);
      return [{ says, evidence: evidence.slice(0, MOST_IDS) }];
    }),
  );
}

/** Clauses of a model with the space between them that English needs. */
function spaced(
  clauses: z.infer<typeof LevelSchema>["clauses"],
  language: Language,
): z.infer<typeof LevelSchema>["clauses"] {
  return clauses.map(({ text, evidence }, i) => {
    const isJoined =
      i > 0 && language === "en" && /^[\p{L}\p{N}(]/u.test(text) && !/\s$/.test(clauses[i - 1]?.text ?? "");
    return { text: isJoined ? ` ${text}` : text, evidence };
  });
}

import { readFile } from "node:fs/promises";
import { z } from "zod";
import { CONCEPT_IDS, type ConceptId } from "../../knowledge/ontology/ids.ts";
import { TerralogueError } from "../errors.ts";

const CurveSchema = z.object({
  /** Texts whose mean vector stands for the concept. */
  prompts: z.array(z.string().min(1)).min(1),
  /** Of the logistic curve from cosine to probability; greater than 0: likelier where more alike. */
  slope: z.number().positive(),
  offset: z.number(),
});

/** For each concept that a pair of towers can tell, what similarity means that it is in sight. Learnt with the weights. */
const ConceptCurvesSchema = z.partialRecord(z.enum(CONCEPT_IDS as readonly [string, ...string[]]), CurveSchema);
export type ConceptCurves = Readonly<Partial<Record<ConceptId, z.infer<typeof CurveSchema>>>>;

/**
 * Reads the concept curves of a dual encoder.
 *
 * @throws {TerralogueError} `model_fault` naming the file and what is wrong with it
 */
export async function readConceptCurves(file: string): Promise<ConceptCurves> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new TerralogueError("model_fault", `${file} is not JSON; fetch or make it again.`, { cause });
  }
  const read = ConceptCurvesSchema.safeParse(json);
  if (read.success) return read.data as ConceptCurves;
  const [issue] = read.error.issues;
  throw new TerralogueError(
    "model_fault",
    `${file}: ${issue?.path.join(".") || "the file"} is not right (${issue?.message}); make it again with the weights.`,
  );
}

export interface ConceptScorer {
  score(concept: ConceptId, vectors: Float32Array): Float32Array | null;
  /** Unit vector along which the score rises. */
  direction(concept: ConceptId): Float32Array | null;
}

/**
 * How likely each chip shows a concept: logistic(slope · cosine + offset), the cosine being that of the chip with the mean of the
 * concept's prompts. Null for concepts without a curve.
 *
 * @param encodeTexts unit vectors, row-major [texts × dimensions]
 */
export async function conceptScorer(
  curves: ConceptCurves,
  encodeTexts: (texts: readonly string[]) => Promise<Float32Array>,
  dimensions: number,
): Promise<ConceptScorer> {
  const entries = Object.entries(curves) as [ConceptId, NonNullable<ConceptCurves[ConceptId]>][];
  const texts = await encodeTexts(entries.flatMap(([, { prompts }]) => prompts));
  const directions = new Map<ConceptId, Float32Array>();
  let row = 0;
  for (const [concept, { prompts }] of entries) {
    const mean = new Float32Array(dimensions);
    for (let i = 0; i < prompts.length; i += 1, row += 1)
      for (let k = 0; k < dimensions; k += 1) mean[k] = (mean[k] as number) + (texts[row * dimensions + k] as number);
    const length = Math.hypot(...mean) || 1;
    directions.set(
      concept,
      mean.map((value) => value / length),
    );
  }
  const score: ConceptScorer["score"] = (concept, vectors) => {
    const direction = directions.get(concept);
    const curve = curves[concept];
    if (!direction || !curve) return null;
    const scores = new Float32Array(vectors.length / dimensions);
    for (let i = 0; i < scores.length; i += 1) {
      let cosine = 0;
      for (let k = 0; k < dimensions; k += 1)
        cosine += (direction[k] as number) * (vectors[i * dimensions + k] as number);
      scores[i] = 1 / (1 + Math.exp(-(curve.slope * cosine + curve.offset)));
    }
    return scores;
  };
  return { score, direction: (concept) => directions.get(concept) ?? null };
}

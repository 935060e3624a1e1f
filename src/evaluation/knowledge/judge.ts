import type { Reply } from "../../answer/reply.ts";
import type { Engine } from "../../engine.ts";
import type { TextEncoder } from "../../models/ports.ts";
import { foldMessage, type LandmarkNames } from "../../query/knowledge/landmark-names.ts";
import { type RetrievalMode, type RetrievedLandmark, retrieval } from "../../retrieval/knowledge/retrieve.ts";
import { holdsAnswer } from "./match-answer.ts";
import type { QuestionLine } from "./questions.ts";

/** One question asked, and what is held of the reply. */
export interface Judged {
  readonly line: QuestionLine;
  readonly reply: Reply;
  readonly isAnswered: boolean;
  /** The reply holds the answer; for a question without one, it was refused. */
  readonly isRight: boolean;
  readonly citations: number;
  /** Citations of a landmark that the answer rests on, whose quote stands where they say. */
  readonly goodCitations: number;
  /** Share of the sources that are cited. */
  readonly sourcesCited: number | null;
  /** Rank of the first source by each way of retrieval, from 1; null where it is not among those found. */
  readonly ranks: Readonly<Record<string, number | null>>;
}

export const MODES: readonly RetrievalMode[] = ["bm25", "dense", "hybrid", "hybrid+reranker"];
/** Landmarks that a way of retrieval gives. */
const DEPTH = 20;

/** Asks a question after its context, in a thread of its own. */
export async function askLine(engine: Engine, line: QuestionLine, thread: string): Promise<Reply> {
  for (const message of line.context) {
    if (typeof message !== "string" && message.role !== "user") continue;
    await engine.agent.run({ thread, message: typeof message === "string" ? message : message.content });
  }
  return engine.agent.run({ thread, message: line.question });
}

/** @param encoders text encoders that retrieval is measured with; the first is that of the workspace */
export async function judgeLine(
  engine: Engine,
  encoders: readonly TextEncoder[],
  line: QuestionLine,
  thread: string,
): Promise<Judged> {
  const reply = await askLine(engine, line, thread);
  const names = engine.context.gazetteer.landmarks as LandmarkNames;
  const sources = line.sources.map((source) => sourceIds(source, names));
  const isAnswered = reply.outcome === "answer" || reply.outcome === "ranked";
  const cited = reply.citations
    .filter(({ kind }) => kind === "passage")
    .map((citation) => ({ citation, id: landmarkOf(citation.evidence) }));
  const isGood = ({ citation, id }: (typeof cited)[number]) =>
    sources.some((ids) => ids.has(id)) && isQuoted(engine, citation);
  const ranks: Record<string, number | null> = {};
  for (const [i, encoder] of encoders.entries()) {
    const found = await retrieved(engine, encoder, line, reply);
    for (const mode of MODES) {
      if (i > 0 && mode === "bm25") continue;
      ranks[i === 0 ? mode : `${mode} (${encoder.id})`] = rankOf(
        found(mode).map(({ landmark }) => landmark.id),
        sources,
      );
    }
  }
  return {
    line,
    reply,
    isAnswered,
    isRight:
      line.answer === null
        ? !isAnswered
        : isAnswered && holdsAnswer(reply.text, line.answer, [...new Set(cited.map(({ citation }) => citation.title))]),
    citations: isAnswered ? cited.length : 0,
    goodCitations: isAnswered ? cited.filter(isGood).length : 0,
    sourcesCited:
      sources.length === 0 || line.answer === null
        ? null
        : sources.filter((ids) => cited.some(({ id }) => ids.has(id))).length / sources.length,
    ranks,
  };
}

/** Retrieval for a question as the reply's own reading of it goes, without what is in focus. */
export async function retrieved(
  engine: Engine,
  encoder: TextEncoder,
  line: QuestionLine,
  reply: Reply,
): Promise<(mode: RetrievalMode) => readonly RetrievedLandmark[]> {
  const find = retrieval({
    text: line.question,
    question: reply.understood.question?.knowledge ?? null,
    store: engine.workspace.knowledge,
    names: engine.context.gazetteer.landmarks as LandmarkNames,
    vector: { encoder: encoder.id, vector: await encoder.encodeQueries([line.question]) },
    focus: null,
  });
  return (mode) => find(DEPTH, mode);
}

/** Rank from 1 of the first landmark that any source means. */
export function rankOf(ids: readonly string[], sources: readonly ReadonlySet<string>[]): number | null {
  const index = ids.findIndex((id) => sources.some((source) => source.has(id)));
  return index < 0 ? null : index + 1;
}

/** Ids that a source means: the id itself, else every landmark of that name. */
export function sourceIds(source: string, names: LandmarkNames): ReadonlySet<string> {
  if (names.get(source)) return new Set([source]);
  const folded = foldMessage(source);
  return new Set(
    names.all.filter((landmark) => landmark.names.some((name) => foldMessage(name) === folded)).map(({ id }) => id),
  );
}

const landmarkOf = (evidence: string) =>
  evidence.startsWith("landmark:") ? evidence.slice(9) : evidence.replace(/#\d+$/, "");

/** The quote is what the passage says at that place. */
function isQuoted(engine: Engine, { evidence, quote, quoted }: Reply["citations"][number]): boolean {
  if (!quoted) return false;
  const passage = engine.workspace.knowledge.passages(landmarkOf(evidence)).find(({ id }) => id === evidence);
  return passage?.text.slice(quoted.start, quoted.end) === quote;
}

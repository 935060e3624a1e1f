import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Engine, openEngine } from "../../engine.ts";
import { TerralogueError } from "../../errors.ts";
import { indexPassages } from "../../ingest/index-passages.ts";
import { openTextEncoder } from "../../models/open-encoder.ts";
import type { TextEncoder } from "../../models/ports.ts";
import { openWorkspaceModels } from "../../models/workspace-models.ts";
import { PACKAGE_ROOT } from "../../package-root.ts";
import type { LandmarkNames } from "../../query/knowledge/landmark-names.ts";
import { RERANKER } from "../../retrieval/knowledge/reranker.ts";
import { openDatabase, WORKSPACE_FILE } from "../../store/sqlite/database.ts";
import type { Measurement } from "../benchmark.ts";
import { type Judged, judgeLine, rankOf, retrieved, sourceIds } from "./judge.ts";
import { langchainBm25 } from "./langchain-baseline.ts";
import { type Example, learnReranker } from "./learn-reranker.ts";
import { type QuestionLine, readQuestions } from "./questions.ts";
import { buildWorld, type World } from "./worlds.ts";

/** The project's own questions, below the package root. */
const OWN_SET = join("tests", "evaluation", "knowledge-questions.jsonl");
/** Kinds of questions that name their landmark, so that it can be retrieved by their words. */
const NOT_RETRIEVED = new Set(["superlative", "list", "count", "nearby", "follow-up"]);

interface Asked extends Judged {
  readonly langchain: number | null;
  readonly examples: readonly Example[];
}

export const knowledgeEvaluation: Measurement = {
  name: "knowledge",
  summary: "Retrieval, answers, citations and refusals on questions about landmarks.",
  run: async (args) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        workspace: { type: "string" },
        file: { type: "string" },
        split: { type: "string", default: "all" },
        world: { type: "string", default: "all" },
        verbose: { type: "boolean", default: false },
        learn: { type: "string" },
        "compare-text-encoder": { type: "string" },
      },
    });
    if (!["all", "tune", "held"].includes(values.split))
      throw new TerralogueError("bad_arguments", `--split is tune, held or all, not "${values.split}".`);
    const file = values.file ?? join(PACKAGE_ROOT, OWN_SET);
    const lines = readQuestions(readFileSync(file, "utf8"), file).filter(
      ({ split, world }) =>
        (values.split === "all" || split === values.split) && (values.world === "all" || world === values.world),
    );
    if (lines.length === 0)
      throw new TerralogueError("bad_arguments", `${file} holds no question of that split and world.`);
    const asked: Asked[] = [];
    const skipped: string[] = [];
    const options = { keepsExamples: values.learn !== undefined, compared: values["compare-text-encoder"] };
    if (values.workspace) asked.push(...(await askAll(values.workspace, lines, options)));
    else
      for (const world of [...new Set(lines.map((line) => line.world))]) {
        const built = await buildWorld(world as World);
        if (!built) {
          skipped.push(world);
          continue;
        }
        try {
          asked.push(
            ...(await askAll(
              built.workspace,
              lines.filter((line) => line.world === world),
              options,
            )),
          );
        } finally {
          built.remove();
        }
      }
    if (values.learn) {
      const examples = asked.flatMap((one) => (one.line.split === "tune" ? one.examples : []));
      const made = `Logistic regression (full gradient descent, src/evaluation/knowledge/learn-reranker.ts) on ${examples.length} pairs of a question of the tuning split and a landmark that the hybrid retrieval gave: eval -- knowledge --learn FILE.`;
      writeFileSync(values.learn, `${JSON.stringify(learnReranker(examples, made, RERANKER.version + 1), null, 2)}\n`);
    }
    const splits = [...new Set(asked.flatMap(({ line }) => line.split ?? []))].sort();
    return {
      file: values.file ?? OWN_SET,
      ...(skipped.length > 0 && { skipped }),
      ...scores(asked),
      bySplit: Object.fromEntries(
        splits.map((split) => [split, scores(asked.filter(({ line }) => line.split === split))]),
      ),
      byWorld: grouped(asked, ({ line }) => line.world),
      byLanguage: grouped(asked, ({ reply }) => reply.language),
      // Of the held questions only sums are shown.
      byType: grouped(
        asked.filter(({ line }) => line.split !== "held"),
        ({ line }) => line.type ?? "untyped",
      ),
      ...(values.verbose && { lines: asked.filter(({ line }) => line.split !== "held").map(lineReport) }),
    };
  },
};

interface AskOptions {
  readonly keepsExamples: boolean;
  /** A further text encoder by which retrieval is measured. */
  readonly compared: string | undefined;
}

/** Asks over a copy, since threads are kept beside the content, and passages may be described by a further encoder. */
async function askAll(
  workspace: string,
  lines: readonly QuestionLine[],
  { keepsExamples, compared }: AskOptions,
): Promise<readonly Asked[]> {
  const folder = mkdtempSync(join(tmpdir(), "terralogue-knowledge-"));
  copyFileSync(join(workspace, WORKSPACE_FILE), join(folder, WORKSPACE_FILE));
  const own = await openWorkspaceModels(workspace, null, { slots: ["textEncoder"] });
  const encoders = [own.textEncoder, compared === undefined ? null : await openTextEncoder(compared)].flatMap(
    (encoder) => encoder ?? [],
  );
  const db = openDatabase(folder);
  try {
    for (const encoder of encoders.slice(own.textEncoder ? 1 : 0)) await indexPassages(db, encoder);
  } finally {
    db.close();
  }
  const engine = await openEngine(folder, { textEncoder: own.textEncoder });
  try {
    if (!engine.context.gazetteer.landmarks)
      throw new TerralogueError("bad_workspace", `${workspace} holds no landmarks; ingest some with --knowledge.`);
    const baseline = langchainBm25(engine.workspace.knowledge, 20);
    const asked: Asked[] = [];
    for (const [index, line] of lines.entries()) {
      const judged = await judgeLine(engine, encoders, line, `question-${index + 1}`);
      asked.push({
        ...judged,
        langchain: isRetrieved(judged) ? await langchainRank(engine, baseline, line) : null,
        examples: keepsExamples && isRetrieved(judged) ? await examplesOf(engine, encoders, judged) : [],
      });
      if ((index + 1) % 25 === 0) process.stderr.write(`${index + 1} of ${lines.length} questions asked.\n`);
    }
    return asked;
  } finally {
    engine.close();
    await own.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function langchainRank(
  engine: Engine,
  find: (text: string) => Promise<readonly string[]>,
  line: QuestionLine,
): Promise<number | null> {
  const names = engine.context.gazetteer.landmarks as LandmarkNames;
  return rankOf(
    await find(line.question),
    line.sources.map((source) => sourceIds(source, names)),
  );
}

async function examplesOf(
  engine: Engine,
  [encoder]: readonly TextEncoder[],
  { line, reply }: Judged,
): Promise<readonly Example[]> {
  if (!encoder) return [];
  const names = engine.context.gazetteer.landmarks as LandmarkNames;
  const sources = line.sources.map((source) => sourceIds(source, names));
  return (await retrieved(engine, encoder, line, reply))("hybrid").map(({ landmark, features }) => ({
    features,
    isSource: sources.some((ids) => ids.has(landmark.id)),
  }));
}

const isRetrieved = ({ line }: Judged) =>
  line.sources.length > 0 && line.context.length === 0 && !NOT_RETRIEVED.has(line.type ?? "");

function scores(asked: readonly Asked[]) {
  const answerable = asked.filter(({ line }) => line.answer !== null);
  const unanswerable = asked.filter(({ line }) => line.answer === null);
  const retrievedOnes = asked.filter(isRetrieved);
  const cited = asked.filter(({ citations }) => citations > 0).filter(({ line }) => line.sources.length > 0);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const recalls = asked.flatMap(({ sourcesCited }) => sourcesCited ?? []);
  return {
    questions: asked.length,
    answerable: answerable.length,
    unanswerable: unanswerable.length,
    answersRight: share(answerable.filter(({ isRight }) => isRight).length, answerable.length),
    wrongAnswers: answerable.filter(({ isRight, isAnswered }) => !isRight && isAnswered).length,
    needlesslyRefused: answerable.filter(({ isAnswered }) => !isAnswered).length,
    unanswerableRefused: share(unanswerable.filter(({ isRight }) => isRight).length, unanswerable.length),
    citationPrecision: share(
      sum(cited.map(({ goodCitations }) => goodCitations)),
      sum(cited.map(({ citations }) => citations)),
    ),
    citationRecall: share(sum(recalls), recalls.length),
    retrieval: {
      questions: retrievedOnes.length,
      "bm25 (LangChain)": ranking(retrievedOnes.map(({ langchain }) => langchain)),
      ...Object.fromEntries(
        Object.keys(asked[0]?.ranks ?? {}).map((way) => [
          way,
          ranking(retrievedOnes.map(({ ranks }) => ranks[way] ?? null)),
        ]),
      ),
    },
  };
}

function ranking(ranks: readonly (number | null)[]) {
  return {
    recallAt5: share(ranks.filter((rank) => rank !== null && rank <= 5).length, ranks.length),
    mrr: share(
      ranks.reduce<number>((total, rank) => total + (rank === null ? 0 : 1 / rank), 0),
      ranks.length,
    ),
  };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 1e4) / 1e4;
}

function grouped(asked: readonly Asked[], keyOf: (one: Asked) => string) {
  const keys = [...new Set(asked.map(keyOf))].sort();
  return Object.fromEntries(
    keys.map((key) => {
      const { questions, answersRight, unanswerableRefused } = scores(asked.filter((one) => keyOf(one) === key));
      return [key, { questions, answersRight, unanswerableRefused }];
    }),
  );
}

function lineReport({ line, reply, isRight, ranks, citations, goodCitations }: Asked) {
  return {
    id: line.id,
    question: line.question,
    answer: line.answer,
    isRight,
    outcome: reply.outcome,
    text: reply.text,
    citations: `${goodCitations}/${citations}`,
    rank: ranks["hybrid+reranker"],
  };
}

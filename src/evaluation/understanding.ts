import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { TerralogueError } from "../errors.ts";
import { PACKAGE_ROOT } from "../package-root.ts";
import type { UnderstandContext } from "../query/turn.ts";
import type { Measurement } from "./benchmark.ts";
import { type Judged, judge, parity, scores } from "./understanding-scores.ts";
import { readUtterances, type Utterance } from "./utterances.ts";

/** The project's own utterances, below the package root. */
export const OWN_SET = join("tests", "evaluation", "utterances.jsonl");

/** The fictional places that the project's own utterances name. A set given with --file is read without any. */
export const OWN_PLACES: UnderstandContext["gazetteer"] = {
  places: [
    ["ellery", "town", "Ellery", "埃勒里"],
    ["port_ellery", "port", "Port of Ellery", "埃勒里港"],
    ["halden", "valley", "Halden Valley", "哈尔登谷"],
    ["corran", "town", "Corran", "科兰"],
  ].map(([id, concept, ...names]) => ({
    id: id as string,
    concept: concept as string,
    names,
    geometry: { type: "Point", coordinates: [0, 0] },
    importance: 1,
  })),
};

export const understandingEvaluation: Measurement = {
  name: "understanding",
  summary: "Exact match, slots, intents and parity of the parser on utterances with gold Turns.",
  run: async (args) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        file: { type: "string" },
        split: { type: "string", default: "all" },
        newest: { type: "string" },
        failures: { type: "boolean", default: false },
      },
    });
    if (!["all", "tune", "unseen"].includes(values.split))
      throw new TerralogueError("bad_arguments", `--split is tune, unseen or all, not "${values.split}".`);
    const isOwn = values.file === undefined;
    const file = values.file ?? join(PACKAGE_ROOT, OWN_SET);
    const context: UnderstandContext = isOwn
      ? { gazetteer: OWN_PLACES, newestDate: "2025-06-02", dates: ["2023-05-14", "2025-06-02"] }
      : {
          gazetteer: { places: [] },
          newestDate: values.newest ?? new Date().toISOString().slice(0, 10),
          dates: [],
        };
    const utterances = readUtterances(readFileSync(file, "utf8"), file).filter(
      ({ split }) => values.split === "all" || split === values.split,
    );
    if (utterances.length === 0)
      throw new TerralogueError("bad_arguments", `${file} holds no utterance of the split "${values.split}".`);
    const judged = utterances.map((utterance) => judge(utterance, context));
    const of = (keep: (utterance: Utterance) => boolean) => scores(judged.filter(({ utterance }) => keep(utterance)));
    const splits = [...new Set(utterances.flatMap(({ split }) => split ?? []))].sort();
    return {
      file: isOwn ? OWN_SET : file,
      ...scores(judged),
      parity: parity(judged, context.gazetteer),
      bySplit: Object.fromEntries(
        splits.map((split) => [
          split,
          {
            ...of((utterance) => utterance.split === split),
            parity: parity(
              judged.filter(({ utterance }) => utterance.split === split),
              context.gazetteer,
            ),
          },
        ]),
      ),
      byLanguage: grouped(judged, ({ turn }) => turn.language),
      byType: grouped(judged, ({ utterance }) => utterance.type ?? "untyped"),
      ...(values.failures && { failures: judged.filter(({ exact }) => !exact).map(failure) }),
    };
  },
};

function grouped(judged: readonly Judged[], keyOf: (one: Judged) => string) {
  const keys = [...new Set(judged.map(keyOf))].sort();
  return Object.fromEntries(
    keys.map((key) => {
      const { utterances, exact, intent } = scores(judged.filter((one) => keyOf(one) === key));
      return [key, { utterances, exact, intent }];
    }),
  );
}

function failure({ utterance, turn, wrong }: Judged) {
  const { spans: _, ...query } = turn.query ?? { spans: [] };
  return {
    id: utterance.id,
    text: utterance.text,
    context: utterance.context,
    wrong,
    gold: utterance.gold,
    read: { intent: turn.intent, query: turn.query ? query : null, unparsed: turn.unparsed.map(({ text }) => text) },
  };
}

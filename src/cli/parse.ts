import { openWorkspace } from "../open-workspace.ts";
import { describeQuery } from "../query/describe.ts";
import { explainFormula } from "../query/explain-formula.ts";
import { nearestConcepts } from "../query/nearest-concepts.ts";
import type { Query, Span } from "../query/schema.ts";
import { EMPTY_DIALOGUE, type UnderstandContext } from "../query/turn.ts";
import { understand } from "../query/understand.ts";
import { gazetteer } from "../store/gazetteer.ts";
import type { CliCommand } from "./command.ts";

export const parseCommand: CliCommand = {
  name: "parse",
  summary: "Prints what was understood of a message, without running it.",
  configure: (command) => {
    command
      .argument("<message>", "the message, in English or Chinese")
      .option("--workspace <dir>", "workspace whose place names and dates count")
      .option("--json", "print the whole Turn as JSON")
      .action(async (message: string, options: { workspace?: string; json?: boolean }) => {
        const turn = understand(message, EMPTY_DIALOGUE, await contextOf(options.workspace));
        if (options.json) {
          const { action: _, question, ...rest } = turn;
          const logic = turn.query && explainFormula(turn.query);
          process.stdout.write(`${JSON.stringify({ ...rest, question, logic }, null, 2)}\n`);
          return;
        }
        const lines = [
          `intent      ${turn.intent} (confidence ${turn.confidence})`,
          ...(turn.query ? [`understood  ${describeQuery(turn.query, turn.language)}`] : []),
          ...(turn.question
            ? [`asks        ${turn.question.topic}${turn.question.subject ? ` of "${turn.question.subject}"` : ""}`]
            : []),
          ...(turn.references.length > 0 ? [`points at   ${turn.references.map(({ text }) => text).join(", ")}`] : []),
          ...(turn.unparsed.length > 0
            ? [`left over   ${turn.unparsed.map((span) => `"${span.text}"${suggestionsFor(span)}`).join(", ")}`]
            : []),
          ...turn.alternatives.map(({ label }, index) => `${index === 0 ? "either     " : "or         "} ${label}`),
          ...(turn.query ? logicLines(turn.query) : []),
        ];
        process.stdout.write(`${lines.join("\n")}\n`);
      });
  },
};

/** An unknown noun with the concepts whose names are nearest to it. */
function suggestionsFor({ text, slot }: Span): string {
  const near = slot === "unparsed" ? nearestConcepts(text) : [];
  return near.length > 0 ? ` (nearest: ${near.join(", ")})` : "";
}

function logicLines(query: Query): string[] {
  const { text, parts, complexity } = explainFormula(query);
  return [
    `logic       ${text}`,
    ...parts.map(({ formula, words }) => `            ${formula}${words ? `  ← "${words}"` : ""}`),
    `            ${complexity.predicates} predicates, ${complexity.quantifiers} quantifiers`,
  ];
}

async function contextOf(directory: string | undefined): Promise<UnderstandContext> {
  const today = new Date().toISOString().slice(0, 10);
  if (!directory) return { gazetteer: { places: [] }, newestDate: today, dates: [] };
  const workspace = await openWorkspace(directory, { readOnly: true });
  try {
    const dates = [...new Set(workspace.images.flatMap(({ date }) => date ?? []))].sort();
    return { gazetteer: gazetteer(workspace), newestDate: dates.at(-1) ?? today, dates };
  } finally {
    workspace.close();
  }
}

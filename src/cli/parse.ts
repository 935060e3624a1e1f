import { openWorkspace } from "../open-workspace.ts";
import { describeQuery } from "../query/describe.ts";
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
          process.stdout.write(`${JSON.stringify({ ...rest, question }, null, 2)}\n`);
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
            ? [`left over   ${turn.unparsed.map(({ text }) => `"${text}"`).join(", ")}`]
            : []),
        ];
        process.stdout.write(`${lines.join("\n")}\n`);
      });
  },
};

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

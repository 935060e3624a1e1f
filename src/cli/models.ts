import type { Command } from "commander";
import { TerralogueError } from "../errors.ts";
import { checkModel } from "../models/check.ts";
import {
  type ModelChoice,
  modelPlaces,
  readModelChoice,
  SLOT_OF_KIND,
  SLOTS,
  type Slot,
  withModel,
  writeModelChoice,
} from "../models/choice.ts";
import { fetchModel } from "../models/fetch-model.ts";
import { describeTensor } from "../models/onnx/graph.ts";
import { BUILT_IN, settleChoice } from "../models/open-models.ts";
import { type Model, presence } from "../models/read-manifest.ts";
import { findModel, listModels, PACKAGE_MODELS } from "../models/registry.ts";
import type { CliCommand } from "./command.ts";
import { progressBar } from "./progress.ts";

interface Options {
  readonly workspace?: string;
  readonly json?: boolean;
}

export const modelsCommand: CliCommand = {
  name: "models",
  summary: "Lists, checks and fetches models, and chooses those that a workspace uses.",
  configure: (command) => {
    const withOptions = (sub: Command) =>
      sub
        .option("--workspace <dir>", "workspace whose models.json and folder models count too")
        .option("--json", "print it as JSON");
    withOptions(
      command.command("list").description("models with kind, size, licence and whether they are there"),
    ).action(list);
    withOptions(
      command
        .command("check")
        .description("loads every graph of a model, runs it on a made sample and says what is wrong")
        .argument("<model>", "id, or path of a manifest"),
    ).action(check);
    withOptions(
      command
        .command("fetch")
        .description("downloads the files of a model that are not there, with checksums; goes on after a cut")
        .argument("<model>", "id, or path of a manifest"),
    ).action(fetchFiles);
    command
      .command("use")
      .description("chooses a model for a workspace: writes its models.json")
      .argument("[model]", "id, or path of a manifest")
      .requiredOption("--workspace <dir>", "the workspace")
      .option("--as <slot>", "textEncoder: use the text tower of a pair of towers for texts alone")
      .option("--none <slot>", `use no model as ${SLOTS.join(", ")}`)
      .option("--default <slot>", "leave the choice to the package again")
      .action(use);
  },
};

async function choiceOf({ workspace }: Options): Promise<ModelChoice | null> {
  return workspace === undefined ? null : readModelChoice(workspace);
}

async function placesOf(options: Options): Promise<readonly string[]> {
  const choice = await choiceOf(options);
  return choice ? modelPlaces(choice) : [PACKAGE_MODELS];
}

async function list(options: Options): Promise<void> {
  const choice = await choiceOf(options);
  const entries = await listModels(await placesOf(options));
  const used = Object.values(await settleChoice(choice ?? { directory: ".", paths: [] }));
  const rows = await Promise.all(
    entries.map(async ({ file, model, fault }) => {
      if (!model) return { file, fault };
      const { id, kind, version, title, licence } = model.manifest;
      const { isComplete, bytes } = await presence(model);
      return { id, kind, version, title, licence, bytes, present: isComplete, used: used.includes(id), file };
    }),
  );
  const builtIn = Object.entries(BUILT_IN).map(([id, { slot, title }]) => ({
    id,
    kind: slot,
    title,
    used: used.includes(id),
  }));
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ models: rows, builtIn }, null, 2)}\n`);
    return;
  }
  const lines = rows.map((row) =>
    "fault" in row
      ? `unreadable: ${row.fault}`
      : `${row.used ? "*" : " "} ${row.id}  ${row.kind}, version ${row.version}, ${(row.bytes / 1e6).toFixed(1)} MB, ${row.licence}, ${row.present ? "present" : "not there"}: ${row.title}`,
  );
  const built = builtIn.map(
    ({ id, kind, title, used: isUsed }) => `${isUsed ? "*" : " "} ${id}  ${kind}, built in: ${title}`,
  );
  process.stdout.write(
    `${[...lines, ...built, "", `* ${choice ? `in use in ${choice.directory}` : "in use where a workspace chooses nothing"}`].join("\n")}\n`,
  );
}

async function check(name: string, options: Options): Promise<void> {
  const report = await checkModel(await findModel(name, await placesOf(options)));
  if (options.json) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  const lines = [
    `${report.id}, ${report.kind}`,
    ...report.graphs.flatMap(({ role, path, inputs, outputs }) => [
      `${role}  ${path}`,
      ...inputs.map((info) => `  in   ${info.name}  ${describeTensor(info)}`),
      ...outputs.map((info) => `  out  ${info.name}  ${describeTensor(info)}`),
    ]),
    ...report.samples.map(({ what, result, milliseconds }) => `${what}: ${result} in ${milliseconds} ms`),
    ...report.remarks.map((remark) => `note: ${remark}`),
    "The model is right.",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

async function fetchFiles(name: string, options: Options): Promise<void> {
  const model = await findModel(name, await placesOf(options));
  const bar = progressBar(`Fetching ${model.manifest.id}`);
  let current = "";
  const stop = new AbortController();
  const onInterrupt = () => stop.abort();
  process.once("SIGINT", onInterrupt);
  try {
    const files = await fetchModel(model, {
      signal: stop.signal,
      onFile: (path) => {
        current = path.split(/[/\\]/).at(-1) as string;
      },
      onProgress: (done, all) =>
        bar.update(
          all ? done / all : 0,
          `${current} ${(done / 1e6).toFixed(1)}${all ? ` of ${(all / 1e6).toFixed(1)}` : ""} MB`,
        ),
    });
    bar.end();
    if (options.json) {
      process.stdout.write(`${JSON.stringify({ id: model.ref, files }, null, 2)}\n`);
      return;
    }
    const lines = files.map(
      ({ path, outcome, bytes, sha256, isVerified }) =>
        `${outcome === "fetched" ? "fetched" : "was there"}  ${path} (${bytes} bytes, ${isVerified ? "checksum right" : `no checksum in the manifest; add sha256: ${sha256}`})`,
    );
    process.stdout.write(`${lines.join("\n")}\n`);
  } finally {
    bar.end();
    process.removeListener("SIGINT", onInterrupt);
  }
}

function slotOf(name: string): Slot {
  const slot = SLOTS.find((one) => one === name);
  if (slot) return slot;
  throw new TerralogueError("bad_arguments", `"${name}" is no use of a model; choose one of: ${SLOTS.join(", ")}.`);
}

/** The slot named, where a model of this kind serves in it. */
function slotFor({ manifest, ref }: Model, name: string): Slot {
  const slot = slotOf(name);
  if (slot === SLOT_OF_KIND[manifest.kind]) return slot;
  if (slot === "textEncoder" && manifest.kind === "dual_encoder") return slot;
  throw new TerralogueError("bad_arguments", `${ref} is a ${manifest.kind} and cannot serve as ${slot}.`);
}

async function use(
  name: string | undefined,
  options: { readonly workspace: string; readonly as?: string; readonly none?: string; readonly default?: string },
): Promise<void> {
  if ([name, options.none, options.default].filter((given) => given !== undefined).length !== 1)
    throw new TerralogueError("bad_arguments", "Give one of: a model, --none SLOT, --default SLOT.");
  const choice = await readModelChoice(options.workspace);
  const say = (slot: Slot, what: string) => process.stdout.write(`${options.workspace}: ${slot} is ${what}.\n`);
  if (options.none !== undefined) {
    const slot = slotOf(options.none);
    await writeModelChoice({ ...choice, [slot]: null });
    say(slot, "none");
    return;
  }
  if (options.default !== undefined) {
    const slot = slotOf(options.default);
    await writeModelChoice({ ...choice, [slot]: undefined });
    say(slot, "left to the package");
    return;
  }
  const builtIn = BUILT_IN[name as keyof typeof BUILT_IN];
  if (builtIn) {
    await writeModelChoice({ ...choice, [builtIn.slot]: name });
    say(builtIn.slot, name as string);
    return;
  }
  const model = await findModel(name as string, modelPlaces(choice));
  const slot = options.as === undefined ? SLOT_OF_KIND[model.manifest.kind] : slotFor(model, options.as);
  await writeModelChoice(withModel(choice, model, slot));
  say(slot, model.ref);
  if (slot === "textEncoder")
    process.stdout.write("Ingest into the workspace again, so that its passages are described by it.\n");
  if (!(await presence(model)).isComplete)
    process.stdout.write(`Its files are not all there: fetch them with "models fetch ${model.manifest.id}".\n`);
}

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PACKAGE_ROOT } from "../../package-root.ts";

/** An input as it lies in a file, so that both sides read the same bytes. */
export interface FiledInput {
  readonly name: string;
  /** numpy's name of the element type. */
  readonly type: string;
  readonly dims: readonly number[];
  readonly file: string;
}

/** Python's onnxruntime in a process of its own. */
export interface PythonPeer {
  readonly version: string;
  /** Seconds of each repeat, or what went wrong. */
  run(order: {
    readonly graph: string;
    readonly threads: number;
    readonly repeats: number;
    readonly inputs: readonly FiledInput[];
  }): Promise<readonly number[] | { readonly fault: string }>;
  close(): void;
}

const PATIENCE_MS = 60_000;

/** Starts the peer, or tells why there is none. */
export async function startPythonPeer(python: string): Promise<PythonPeer | { readonly skipped: string }> {
  const child: ChildProcessWithoutNullStreams = spawn(python, [join(PACKAGE_ROOT, "tests/bench/onnxruntime_peer.py")]);
  const complaints: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => complaints.push(String(chunk)));
  const lines = createInterface({ input: child.stdout });
  const waiting: ((line: string | null) => void)[] = [];
  lines.on("line", (line) => waiting.shift()?.(line));
  const end = () => {
    for (const one of waiting.splice(0)) one(null);
  };
  child.on("error", end);
  child.on("close", end);
  const answer = () =>
    new Promise<string | null>((resolve) => {
      const timer = setTimeout(() => resolve(null), PATIENCE_MS);
      waiting.push((line) => {
        clearTimeout(timer);
        resolve(line);
      });
    });
  const first = await answer();
  if (first === null) {
    child.kill();
    const why = complaints.join("").trim().split("\n").at(-1)?.slice(0, 160) || "it did not start";
    return { skipped: `${python} with onnxruntime is not there (${why}); set TERRALOGUE_PYTHON to one that has it` };
  }
  return {
    version: (JSON.parse(first) as { ready: string }).ready,
    run: async (order) => {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      const line = await answer();
      if (line === null) return { fault: "no answer" };
      const read = JSON.parse(line) as { seconds?: number[]; fault?: string };
      return read.seconds ?? { fault: read.fault ?? "no answer" };
    },
    close: () => {
      child.stdin.end();
      child.kill();
    },
  };
}

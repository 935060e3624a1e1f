/** A benchmark or evaluation: one file each, listed in src/cli/bench.ts or src/cli/eval.ts. */
export interface Measurement {
  readonly name: string;
  readonly summary: string;
  /** Runs with the arguments after the name; the result is printed as JSON. Progress goes to stderr. */
  run(args: readonly string[]): Promise<unknown>;
}

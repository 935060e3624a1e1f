import type { Region, Reply } from "../src/answer/reply.ts";

/** What happens in a turn, as it happens. */
export type TurnEvent =
  | {
      readonly type: "stage";
      readonly stage: string;
      readonly status: "started" | "done";
      readonly ms?: number;
      readonly detail?: Readonly<Record<string, number>>;
    }
  | { readonly type: "regions"; readonly regions: readonly Region[] }
  | { readonly type: "text"; readonly delta: string }
  | { readonly type: "done"; readonly reply: Reply };

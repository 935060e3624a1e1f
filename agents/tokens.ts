import type { TokenMeter } from "../src/models/language-model.ts";

/** About how many tokens a text has, where the service does not say: one a Han character, one for four others. */
export function estimatedTokens(text: string): number {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return Math.ceil(han + (text.length - han) / 4);
}

/** The budget of a turn, within what is left of its thread's. */
export function createTokenMeter(perTurn: number, leftOfThread: number): TokenMeter & { readonly spent: number } {
  const most = Math.max(0, Math.min(perTurn, leftOfThread));
  let spent = 0;
  return {
    get left() {
      return Math.max(0, most - spent);
    },
    get spent() {
      return spent;
    },
    add: (tokens) => {
      spent += Math.max(0, Math.ceil(tokens));
    },
  };
}

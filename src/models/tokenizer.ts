import { readFile } from "node:fs/promises";
import { Tokenizer } from "@huggingface/tokenizers";
import { TerralogueError } from "../errors.ts";
import type { Tokens } from "./manifest.ts";

/** Texts as a text graph takes them: row-major [texts × length]. */
export interface TokenBatch {
  readonly length: number;
  readonly ids: readonly number[];
  /** 1 for a token, 0 for filling. */
  readonly mask: readonly number[];
}

export interface TextTokenizer {
  encode(texts: readonly string[]): TokenBatch;
}

interface TokenizerFile {
  readonly model?: { readonly vocab?: unknown };
  readonly padding?: { readonly pad_id?: number } | null;
  readonly added_tokens?: readonly { readonly id: number; readonly content: string }[];
}

/** Texts of which a vocabulary, however small, knows one. */
const PROBES = ["a", "water", "building", "the", "0", "水"];
const PAD_TOKENS = ["[PAD]", "<pad>", "<|endoftext|>", "</s>"];

/**
 * Opens a tokenizer.json (WordPiece, BPE or Unigram). Texts longer than the manifest's `tokens.max` are cut before their closing special
 * tokens, so that the end token, at which CLIP reads its vector, always stays.
 *
 * @param fixedLength every text is filled to this length, which the graph was exported with; null where it takes any
 * @throws {TerralogueError} `model_fault` when the file is missing, no tokenizer, or the padding token cannot be told
 */
export async function openTokenizer(path: string, tokens: Tokens, fixedLength: number | null): Promise<TextTokenizer> {
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null)
    throw new TerralogueError(
      "model_fault",
      `There is no tokenizer ${path}; fetch the model again or put its tokenizer.json there.`,
    );
  let file: TokenizerFile;
  let tokenizer: Tokenizer;
  try {
    file = JSON.parse(text) as TokenizerFile;
    tokenizer = new Tokenizer(file, {});
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n")[0]?.slice(0, 160) : String(cause);
    throw new TerralogueError(
      "model_fault",
      `${path} is no tokenizer.json that can be read (${why}); save it with the tokenizers library of Hugging Face.`,
      { cause },
    );
  }
  const padId = tokens.padId ?? padOf(file);
  if (padId === null)
    throw new TerralogueError(
      "model_fault",
      `${path} does not tell the id that short texts are filled with; set tokens.padId in the manifest.`,
    );
  const plainOf = (value: string) => tokenizer.encode(value, { add_special_tokens: false }).ids;
  const { before, after } = framingOf(tokenizer, plainOf);
  const most = Math.min(tokens.max, fixedLength ?? tokens.max);
  if (before.length + after.length >= most)
    throw new TerralogueError(
      "model_fault",
      `${path} adds ${before.length + after.length} special tokens, which leaves no room for text in ${most} tokens; raise tokens.max in the manifest.`,
    );
  const room = most - before.length - after.length;
  return {
    encode: (texts) => {
      const rows = texts.map((value) => {
        const plain = plainOf(tokens.lowercase ? value.toLowerCase() : value);
        return [...before, ...plain.slice(0, room), ...after];
      });
      const length = fixedLength ?? (tokens.pad === "max" ? most : Math.max(1, ...rows.map((row) => row.length)));
      const ids = new Array<number>(rows.length * length).fill(padId);
      const mask = new Array<number>(rows.length * length).fill(0);
      for (const [i, row] of rows.entries()) {
        for (const [k, id] of row.entries()) {
          ids[i * length + k] = id;
          mask[i * length + k] = 1;
        }
      }
      return { length, ids, mask };
    },
  };
}

function padOf(file: TokenizerFile): number | null {
  if (typeof file.padding?.pad_id === "number") return file.padding.pad_id;
  for (const token of PAD_TOKENS) {
    const added = file.added_tokens?.find(({ content }) => content === token);
    if (added) return added.id;
  }
  return null;
}

/** The special tokens that are put before and after every text. */
function framingOf(tokenizer: Tokenizer, plainOf: (text: string) => readonly number[]) {
  for (const probe of PROBES) {
    const framed = tokenizer.encode(probe).ids;
    const plain = plainOf(probe);
    if (plain.length === 0) continue;
    for (let start = 0; start + plain.length <= framed.length; start += 1) {
      if (plain.every((id, k) => framed[start + k] === id))
        return { before: framed.slice(0, start), after: framed.slice(start + plain.length) };
    }
  }
  return { before: [] as number[], after: [] as number[] };
}

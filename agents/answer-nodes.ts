import { type LiveSource, withLivePassage } from "../src/answer/live-passage.ts";
import { type Reply, ReplySchema } from "../src/answer/reply.ts";
import { draftPieces, settlePiece } from "../src/answer/verify/settle.ts";
import { verifyDriven, verifyWorded } from "../src/answer/verify/verify-reply.ts";
import { wordReply } from "../src/answer/word-reply.ts";
import type { LanguageModel } from "../src/models/language-model.ts";
import type { Stages, TurnRecord } from "../src/turn/stages.ts";
import type { Driver } from "./driver.ts";
import type { GraphState, RunContext } from "./graph-state.ts";

/** A text delta holds about this many characters. */
const DELTA_CHARACTERS = 24;

/** A language model that words replies, with what it may spend. */
export interface WordingDeps {
  readonly model: LanguageModel;
  /** The versioned prompt. */
  readonly system: string;
  readonly timeoutMs?: number;
  /** Tokens of one turn (default 12,000) and of one thread (default 200,000), for understanding, wording and driving together. */
  readonly tokensPerTurn?: number;
  readonly tokensPerThread?: number;
}

export interface AnswerDeps {
  readonly stages: Stages;
  readonly wording?: WordingDeps;
  readonly driver?: Driver;
  readonly live?: LiveSource;
  readonly recordIn: (state: GraphState, context: RunContext) => TurnRecord;
  /** What the person said in a thread before and was not refused, oldest first. */
  readonly saidIn: (thread: string) => readonly string[];
}

/** The nodes from a plan or a ranking to a reply: write it, let a model word it or drive, verify, respond. */
export function answerNodes({ stages, wording, driver, live, recordIn, saidIn }: AnswerDeps) {
  const write = (state: GraphState, context: RunContext) => ({ draft: stages.answer(recordIn(state, context)) });

  /** From the knowledge of the workspace, else from a live source, which is asked in the person's words. */
  const lookUp = async (state: GraphState, context: RunContext) => {
    const { draft } = write(state, context);
    if (!live || draft.outcome !== "not_covered") return { draft };
    const passage = await live.lookUp(state.request.message, draft.language, context.signal);
    return { draft: passage ? withLivePassage(draft, passage) : draft };
  };

  /** What was refused, as other work or an order to the service, no model gets to see. */
  const wordingOf = (state: GraphState) => {
    if (state.turn?.intent === "out_of_scope") return "verify";
    if (state.request.drive && driver) return "drive";
    return wording ? "word" : "verify";
  };

  /** Asks the model, and tells each sentence as soon as it and all before it are settled. */
  const word = async (state: GraphState, context: RunContext) => {
    if (!wording) return { worded: null };
    const draft = state.draft as Reply;
    const evidence = stages.evidence(draft, recordIn(state, context));
    const pieces = draftPieces(draft);
    const come = new Map<number, string>();
    let next = 0;
    const tellSettled = () => {
      for (let piece = pieces[next]; piece && (!piece.isOpen || come.has(piece.n)); piece = pieces[next]) {
        tell(context, draft, settlePiece(piece, draft.text, come.get(piece.n), evidence).text);
        next += 1;
      }
    };
    const worded = await wordReply(draft, state.request.message, wording.model, {
      system: wording.system,
      ...(wording.timeoutMs && { timeoutMs: wording.timeoutMs }),
      ...spending(context),
      onSentence: ({ n, text }) => {
        come.set(n, text);
        tellSettled();
      },
    });
    return { worded: { by: "model" as const, ...worded } };
  };

  const drive = async (state: GraphState, context: RunContext) => {
    const messages = [...saidIn(context.thread), state.request.message];
    const request = { messages, draft: state.draft as Reply, meter: context.meter };
    const driven = await (driver as Driver).drive({ ...request, ...(context.signal && { signal: context.signal }) });
    return { worded: { by: "driver" as const, ...driven } };
  };

  /** Only what the evidence backs goes on; the rest is the writer's own. */
  const verify = (state: GraphState, context: RunContext) => {
    const draft = state.draft as Reply;
    const { worded } = state;
    const evidence = worded || context.onEvidence ? stages.evidence(draft, recordIn(state, context)) : null;
    if (evidence) context.onEvidence?.(evidence);
    if (!worded || !evidence) return { reply: draft };
    const tokens = context.meter.spent;
    return {
      reply:
        worded.by === "model"
          ? verifyWorded(draft, worded, evidence, tokens)
          : verifyDriven(draft, worded, evidence, tokens),
    };
  };

  /** Tells what of the text is not told yet. */
  const respond = (state: GraphState, context: RunContext) => {
    const reply = ReplySchema.parse({ ...(state.reply as Reply), timings: { ...state.timings } });
    if (context.told === 0) tell(context, reply, reply.text);
    else tell(context, reply, reply.text.slice(context.told));
    return { reply, tokens: (state.tokens ?? 0) + context.meter.spent };
  };

  return { write, lookUp, word, drive, verify, respond, wordingOf };
}

/** Tells more of the text, after the regions where it is the first of it. */
function tell(context: RunContext, { regions }: Reply, text: string): void {
  if (context.told === 0 && regions.length > 0) context.onEvent({ type: "regions", regions });
  for (const delta of deltasOf(text)) context.onEvent({ type: "text", delta });
  context.told += text.length;
}

/** What the calls to a model in a turn share. */
export function spending({ signal, meter }: RunContext) {
  return { meter, ...(signal && { signal }) };
}

function* deltasOf(text: string): Generator<string> {
  let rest = text;
  while (rest.length > DELTA_CHARACTERS) {
    const space = rest.indexOf(" ", DELTA_CHARACTERS);
    const cut = space > 0 && space < DELTA_CHARACTERS + 16 ? space + 1 : DELTA_CHARACTERS;
    yield rest.slice(0, cut);
    rest = rest.slice(cut);
  }
  if (rest !== "") yield rest;
}

import { CitedText } from "../cited-text.ts";
import { withoutMarkup } from "../plain-text.ts";
import { regionSource } from "../region-source.ts";
import type { Reply } from "../reply.ts";
import type { Worded } from "../word-reply.ts";
import { mentionsIn } from "./check-sentence.ts";
import type { Evidence, EvidenceUnit } from "./evidence.ts";
import { piecesOf } from "./sentences.ts";
import { settle } from "./settle.ts";
import { supportedText } from "./verify-text.ts";

/** The reply with a model's sentences where they are backed, and the writer's own where not. */
export function verifyWorded(draft: Reply, worded: Worded, evidence: Evidence, tokens: number): Reply {
  const { text, citations, kept, repaired, dropped } = settle(draft, worded.sentences, evidence);
  return {
    ...draft,
    text,
    citations,
    wording: {
      by: kept > 0 ? "model" : "writer",
      kept,
      repaired,
      dropped,
      tokens,
      ...(worded.fallback && { fallback: worded.fallback }),
    },
  };
}

export interface DrivenText {
  readonly text: string;
  /** What its tool calls brought to light, besides what the reply rests on. */
  readonly units: readonly EvidenceUnit[];
  readonly tools: readonly NonNullable<NonNullable<Reply["wording"]>["tools"]>[number][];
  readonly fallback?: string;
}

/** The reply in the words of a model that drove, without the sentences that nothing backs; the writer's own where none is left. */
export function verifyDriven(draft: Reply, driven: DrivenText, evidence: Evidence, tokens: number): Reply {
  const backed = { ...evidence, units: [...evidence.units, ...driven.units] };
  const { text, dropped } = supportedText(driven.text, backed);
  const tools = driven.tools.map((call) => ({ ...call }));
  const base = { repaired: 0, dropped, tokens, tools };
  if (text === "") {
    const fallback = driven.fallback ?? "unfit";
    return { ...draft, wording: { by: "writer", kept: 0, ...base, fallback } };
  }
  const cited = new CitedText();
  const pieces = piecesOf(withoutMarkup(text));
  for (const piece of pieces) {
    const rank = mentionsIn(piece.text)[0]?.rank;
    const region = draft.regions.find((entry) => entry.rank === rank);
    const core = piece.text.trimEnd().replace(/[.。!?！？]$/, "");
    if (region) cited.add(core, regionSource(region)).add(piece.text.slice(core.length));
    else cited.add(piece.text);
  }
  return {
    ...draft,
    text: cited.text,
    citations: [...cited.citations],
    wording: { by: "driver", kept: pieces.length, ...base },
  };
}

import { CitedText } from "./cited-text.ts";
import { plainLine } from "./plain-text.ts";
import type { Reply } from "./reply.ts";
import { say } from "./words.ts";

/** A text about a subject from outside the workspace. */
export interface LivePassage {
  readonly title: string;
  readonly text: string;
  /** Where it was read: "en.wikipedia.org". */
  readonly source: string;
}

/** Looks up what a question is about, in the person's own words. Null when there is nothing, or nothing in time. */
export interface LiveSource {
  lookUp(question: string, language: "en" | "zh", signal?: AbortSignal): Promise<LivePassage | null>;
}

/** Longer passages are cut at a sentence. */
const MOST_CHARACTERS = 500;

/** An answer that the knowledge of the workspace could not give, from a passage read just now: quoted, cited, and said to be so. */
export function withLivePassage(reply: Reply, passage: LivePassage): Reply {
  const { language } = reply;
  const quote = cut(plainLine(passage.text));
  if (quote === "") return reply;
  const title = plainLine(passage.title, 80);
  const text = new CitedText()
    .add(
      say(
        language,
        `The knowledge of this workspace does not say; Wikipedia has, under “${title}”: `,
        `该工作区的知识库没有说明;维基百科“${title}”条目写道:`,
      ),
    )
    .add(quote, { evidence: `live:${passage.source}:${title}`, kind: "passage", title, quote, source: passage.source });
  return { ...reply, outcome: "answer", text: text.text, citations: [...text.citations] };
}

function cut(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const head = text.slice(0, MOST_CHARACTERS);
  const stop = Math.max(head.lastIndexOf(". "), head.lastIndexOf("。"));
  return stop > 80 ? head.slice(0, stop + 1) : `${head.trimEnd()}…`;
}

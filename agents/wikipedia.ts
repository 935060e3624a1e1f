import { WikipediaQueryRun } from "@langchain/community/tools/wikipedia_query_run";
import type { LiveSource } from "../src/answer/live-passage.ts";
import { PLAIN_WORDS } from "../src/answer/verify/vocabulary.ts";

export interface WikipediaOptions {
  /** Address of the API in each language; Wikipedia's own by default. */
  readonly baseUrl?: string;
  /** Milliseconds for one look-up. Default 5000. */
  readonly timeoutMs?: number;
}

/** Wikipedia as a source of passages, through LangChain's tool. It is asked the person's question, and nothing else. */
export function createWikipedia({ baseUrl, timeoutMs = 5000 }: WikipediaOptions = {}): LiveSource {
  return {
    lookUp: async (question, language, signal) => {
      const address = baseUrl ?? `https://${language}.wikipedia.org/w/api.php`;
      const tool = new WikipediaQueryRun({ topKResults: 1, maxDocContentLength: 2000, baseUrl: address });
      const timeout = AbortSignal.timeout(timeoutMs);
      try {
        const found = String(
          await withDeadline(
            tool.invoke(question.slice(0, 300)),
            signal ? AbortSignal.any([signal, timeout]) : timeout,
          ),
        );
        const match = /^Page: (.+)\nSummary: ([\s\S]+)$/.exec(found);
        if (!match || !isAbout(match[1] as string, question)) return null;
        return { title: match[1] as string, text: match[2] as string, source: new URL(address).host };
      } catch {
        return null;
      }
    },
  };
}

/** A page that is about another thing has a word in its title that the question has not. */
function isAbout(title: string, question: string): boolean {
  const asked = question.toLowerCase();
  const words = title.toLowerCase().match(/\p{Script=Han}+|[\p{Script=Latin}\d]+/gu) ?? [];
  const named = words.filter((word) => !PLAIN_WORDS.has(word));
  return named.length > 0 && named.every((word) => asked.includes(word));
}

function withDeadline<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => {});
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

/** On with TERRALOGUE_WIKIPEDIA=1, or with the address of an API of the same kind. Off by default: nothing is asked of the network. */
export function wikipediaOptions(environment: Readonly<Record<string, string | undefined>>): WikipediaOptions | null {
  const { TERRALOGUE_WIKIPEDIA: setting } = environment;
  if (!setting || setting === "0") return null;
  return setting === "1" ? {} : { baseUrl: setting };
}

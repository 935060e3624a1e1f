import { groupBy } from "./group-by.ts";
import type { Asked } from "./report.ts";
import { round } from "./report.ts";

/** What went wrong, by kind, with the queries where it did; worst kinds first, at most `most` queries in all. */
export function confusionsOf(asked: readonly Asked[], most: number) {
  const kinds = groupBy(
    asked.flatMap((one) => {
      const kind = kindOf(one);
      return kind ? [{ kind, one }] : [];
    }),
    ({ kind }) => kind,
  );
  const sorted = [...kinds].sort(([, a], [, b]) => b.length - a.length);
  const each = Math.max(1, Math.ceil(most / Math.max(1, sorted.length)));
  return sorted.map(([kind, members]) => ({
    kind,
    queries: members.length,
    byTarget: counts(members.map(({ one }) => one.query.spec.target)),
    byType: counts(members.map(({ one }) => one.query.type)),
    examples: members.slice(0, each).map(({ one }) => exampleOf(one)),
  }));
}

function kindOf({ query, found, judged }: Asked): string | null {
  const right = judged.filter(({ kind }) => kind === "right").length;
  const wrong = judged.filter(({ kind }) => kind === "wrong").length;
  if (found.outcome.startsWith("misread")) return found.outcome;
  if (query.answers.length === 0) return wrong > 0 ? "answered where nothing is right" : null;
  if (judged.length === 0) return `not answered: ${found.outcome}`;
  if (right === 0) return wrong > 0 ? "all shown are wrong" : null;
  const found10 = judged.slice(0, 10).reduce((sum, { claims }) => sum + claims.length, 0);
  const isMissing = found10 < Math.min(10, query.answers.length);
  if (wrong > 0) return isMissing ? "some wrong, some missed" : "some wrong";
  return isMissing ? "some missed" : null;
}

function exampleOf({ query, found, judged }: Asked) {
  return {
    id: query.id,
    text: query.text,
    answers: query.answers.length,
    doubtful: query.doubtful.length,
    outcome: found.outcome,
    shown: judged.slice(0, 10).map(({ kind, probability }, i) => {
      const candidate = found.ranked?.[i]?.candidate;
      return `${kind} ${round(probability)}${candidate ? ` ${candidate.origin} ${candidate.concept}` : ""}`;
    }),
  };
}

function counts(values: readonly string[]): Readonly<Record<string, number>> {
  const groups = groupBy(values, (value) => value);
  return Object.fromEntries(
    [...groups].map(([value, own]) => [value, own.length] as const).sort((a, b) => b[1] - a[1]),
  );
}

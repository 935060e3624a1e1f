import { withoutMarkup } from "./plain-text.ts";
import type { Citation, Reply } from "./reply.ts";

/**
 * A reply of which nothing that is shown can be read as markup, a link or an order of characters: its text, captions, labels and
 * explanations. Quotations in citations are left as their source has them; pages show them as text.
 */
export function neutral(reply: Reply): Reply {
  return {
    ...reply,
    ...neutralText(
      reply.text,
      reply.citations.map((citation) => ({ ...citation, title: withoutMarkup(citation.title) })),
    ),
    regions: reply.regions.map((region) => ({
      ...region,
      caption: withoutMarkup(region.caption),
      evidence: region.evidence.map((evidence) => ({ ...evidence, label: withoutMarkup(evidence.label) })),
    })),
    nearMisses: reply.nearMisses.map((miss) => ({
      ...miss,
      caption: withoutMarkup(miss.caption),
      failure: { ...miss.failure, explanation: withoutMarkup(miss.failure.explanation) },
    })),
    choices: reply.choices.map((choice) => ({ ...choice, label: withoutMarkup(choice.label) })),
  };
}

/** The text piece by piece between the ends of its citations, so that these go on to cover what they covered. */
function neutralText(text: string, citations: readonly Citation[]): { text: string; citations: Citation[] } {
  if (withoutMarkup(text) === text) return { text, citations: [...citations] };
  const ends = [...new Set([0, ...citations.flatMap(({ start, end }) => [start, end]), text.length])].sort(
    (a, b) => a - b,
  );
  const moved = new Map<number, number>();
  let clean = "";
  ends.forEach((end, index) => {
    clean += withoutMarkup(text.slice(ends[index - 1] ?? 0, end));
    moved.set(end, clean.length);
  });
  return {
    text: clean,
    citations: citations.map((citation) => ({
      ...citation,
      start: moved.get(citation.start) ?? citation.start,
      end: moved.get(citation.end) ?? citation.end,
    })),
  };
}

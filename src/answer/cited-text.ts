import type { Citation, Evidence } from "./reply.ts";

type Source = Omit<Citation, "marker" | "start" | "end">;

/** Builds a reply's text piece by piece, and with it the citations of the pieces that rest on something. */
export class CitedText {
  #text = "";
  readonly #citations: Citation[] = [];
  readonly #markers = new Map<string, number>();

  get text(): string {
    return this.#text;
  }

  get citations(): readonly Citation[] {
    return this.#citations;
  }

  /** Adds words; with a source they end in its marker, "[1]", and a citation covers them without the marker. */
  add(words: string, source?: Source): this {
    if (!source) {
      this.#text += words;
      return this;
    }
    const start = this.#text.length;
    const marker = this.#markers.get(source.evidence) ?? this.#markers.size + 1;
    this.#markers.set(source.evidence, marker);
    this.#text += `${words} [${marker}]`;
    this.#citations.push({ ...source, marker, start, end: start + words.length });
    return this;
  }
}

/** A citation of a mapped or detected entity. */
export function entitySource(evidence: Evidence): Source {
  return {
    evidence: evidence.id,
    kind: "entity",
    title: evidence.label,
    quote: evidence.label,
    source: evidence.source ?? "",
  };
}

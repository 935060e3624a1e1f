import { useQuery } from "@tanstack/react-query";
import { getRegionKnowledge } from "../api.ts";
import type { Language } from "../words.ts";
import { resultWords } from "./result-words.ts";

interface Props {
  /** Id of the result. */
  readonly region: string;
  readonly language: Language;
}

/** What is known of landmarks in a result or in what its proof rests on, passage by passage with its source. */
export function KnownLandmarks({ region, language }: Props) {
  const { data } = useQuery({
    queryKey: ["knowledge", region],
    queryFn: ({ signal }) => getRegionKnowledge(region, signal),
    // A stored result never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!data || data.length === 0) return null;
  return (
    <section>
      <h3>{resultWords(language).passages}</h3>
      {data.map(({ name, passages }) => {
        const own = passages.filter((passage) => passage.language === language);
        return (
          <div key={name} className="known">
            <h4>{name}</h4>
            {(own.length > 0 ? own : passages).map(({ text, source, licence, language: written }) => (
              <figure key={text}>
                <blockquote lang={written} dir="auto">
                  {text}
                </blockquote>
                <figcaption className="known-source">{[source, licence].filter(Boolean).join(" · ")}</figcaption>
              </figure>
            ))}
          </div>
        );
      })}
    </section>
  );
}

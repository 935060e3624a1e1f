import { useEffect, useRef } from "react";
import type { Measurement, ProofNode } from "../../src/logic/proof.ts";
import { describeQuery } from "../../src/query/describe.ts";
import type { Query } from "../../src/query/schema.ts";
import { chipUrl, type Region } from "./api.ts";
import { CloseIcon, PrintIcon } from "./icons.tsx";
import { boundWords, measureName, percent, valueWords } from "./measures.ts";
import { flagWords } from "./phrases.ts";
import { inWords, truthState } from "./results/proof-words.ts";
import { pictureDates } from "./results/result-card.tsx";
import type { Exchange } from "./use-conversation.ts";
import { type Language, words } from "./words.ts";

/** Witnesses that are named for a place; a large one may rest on hundreds. */
const MOST_WITNESSES = 12;

interface Props {
  readonly exchange: Exchange;
  readonly language: Language;
  /** Picture of the map with its results, as a data URL; null where no map can be drawn. */
  readonly mapPicture: string | null;
  onClose(): void;
}

/** The results of a search on paper: the map, each place with its pictures and proof, sources, and the plan's hash. */
export function Report({ exchange, language, mapPicture, onClose }: Props) {
  const text = words(language);
  const { reply, message, regions } = exchange;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  if (!reply) return null;
  const { plan } = reply;
  const made = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", {
    dateStyle: "long",
    timeStyle: "short",
  });
  const sources = [...new Set(regions.flatMap(({ evidence }) => evidence.flatMap(({ source }) => source ?? [])))];
  return (
    <main
      className="report"
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <nav>
        <button type="button" className="small" onClick={() => window.print()}>
          <PrintIcon />
          {text.print}
        </button>
        <button type="button" className="small" onClick={onClose}>
          <CloseIcon />
          {text.close}
        </button>
      </nav>
      <header>
        <h1 ref={heading} tabIndex={-1}>
          {message}
        </h1>
        <p>{reply.text.split("\n")[0]}</p>
        <dl>
          {plan && (
            <>
              <dt>{text.question}</dt>
              <dd>{describeQuery(plan.query as Query, language)}</dd>
              <dt>{text.inLogic}</dt>
              <dd>
                <code>{plan.formula}</code>
              </dd>
              <dt>{text.imagery}</dt>
              <dd>{[plan.dates.before, plan.dates.after].filter(Boolean).join(" → ") || text.undated}</dd>
              <dt>{text.plan} (SHA-256)</dt>
              <dd>
                <code>{plan.hash}</code>
              </dd>
            </>
          )}
          <dt>{text.made}</dt>
          <dd>{made.format(new Date())}</dd>
        </dl>
      </header>
      {mapPicture && (
        <figure>
          <img className="report-map" src={mapPicture} alt={`${text.map}: ${message}`} />
          <figcaption>
            {text.map}, {plan?.dates.after ?? text.undated}. {mapCaption(language)}
          </figcaption>
        </figure>
      )}
      {regions.map((region) => (
        <ReportRegion key={region.id} region={region} language={language} />
      ))}
      {reply.nearMisses.length > 0 && (
        <section>
          <h2>{text.nearMisses}</h2>
          <ul>
            {reply.nearMisses.map((miss) => (
              <li key={miss.id}>
                <strong>{miss.caption}</strong> {miss.failure.explanation} {miss.failure.repair}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>{text.sources}</h2>
        <p>{sources.join(", ")}</p>
        <p className="quiet">{text.exportHint}</p>
        <ul>
          {reply.citations
            .filter(({ kind }) => kind === "passage")
            .map(({ marker, title, quote, source }) => (
              <li key={marker}>
                [{marker}] {title}: <q>{quote}</q> {source}
              </li>
            ))}
        </ul>
      </section>
    </main>
  );
}

/** What the picture of the map shows. */
function mapCaption(language: Language): string {
  return language === "zh"
    ? "编号的轮廓是结果,与下文编号对应。"
    : "Numbered outlines are the results, by the numbers below.";
}

/** What a proof rests on, each with where it is known from. */
function WitnessList({ region, language }: { readonly region: Region; readonly language: Language }) {
  const witnesses = region.evidence.filter(({ id }) => region.proof.witnesses.includes(id));
  if (witnesses.length === 0) return null;
  const shown = witnesses.slice(0, MOST_WITNESSES).map(({ label, source, date }) => {
    const from = [source, date].filter(Boolean).join(", ");
    return from === "" ? label : `${label} [${from}]`;
  });
  const more = witnesses.length - shown.length;
  return (
    <p className="report-witnesses">
      {words(language).evidence}: {shown.join("; ")}
      {more > 0 && ` … +${more}`}
    </p>
  );
}

/** What a part was measured by: the first measurement in it that is more than a detector's confidence. */
function decidingMeasurement(node: ProofNode): Measurement | null {
  if (node.measured && node.measured.name !== "confidence") return node.measured;
  if (node.kind === "concept" || node.kind === "not") return null;
  for (const child of node.children) {
    const found = decidingMeasurement(child);
    if (found) return found;
  }
  return null;
}

function ReportRegion({ region, language }: { readonly region: Region; readonly language: Language }) {
  const text = words(language);
  const { tree } = region.proof;
  return (
    <section className="report-region">
      <h2>
        {region.rank}. {region.caption}
      </h2>
      <div className="report-body">
        <div className="report-pictures">
          {pictureDates(region).map((date) => (
            <figure key={date}>
              <img src={chipUrl(region.id, date)} alt={`#${region.rank}, ${date}`} width="160" height="160" />
              <figcaption>{date}</figcaption>
            </figure>
          ))}
        </div>
        <div>
          <p>
            {text.probability}: <strong>{percent(region.probability)}</strong>
            {region.flags.length > 0 && ` (${region.flags.map((flag) => flagWords(flag, language)).join(", ")})`}
          </p>
          <table>
            <tbody>
              {(tree.kind === "and" ? tree.children : [tree]).map((node) => {
                const measured = decidingMeasurement(node) ?? node.measured;
                return (
                  <tr key={node.formula}>
                    <td>{inWords(node.formula, language)}</td>
                    <td>
                      {measured &&
                        `${measureName(measured.name, language)} ${valueWords(measured.value, measured.unit, language)} ${boundWords(measured, language) ?? ""}`}
                    </td>
                    <td>
                      {text[truthState(node.truth)]} ({node.truth.toFixed(2)})
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
          <WitnessList region={region} language={language} />
          <p className="quiet">
            {region.bbox.map((degrees) => degrees.toFixed(6)).join(", ")} ·{" "}
            {Math.round(region.areaM2).toLocaleString("en-US")} m²
          </p>
        </div>
      </div>
    </section>
  );
}

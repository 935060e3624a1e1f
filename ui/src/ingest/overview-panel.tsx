import { type ReactNode, useState } from "react";
import { inLanguage } from "../fault-words.ts";
import type { Language } from "../words.ts";
import { CoverageMap } from "./coverage-map.tsx";
import { bytes, count, ground, resolution } from "./formats.ts";
import type { Overview } from "./ingest-api.ts";
import { ingestWords, kindWords, roleWords } from "./ingest-words.ts";

interface Props {
  readonly overview: Overview | null;
  readonly fault: string | null;
  readonly language: Language;
  onRetry(): void;
}

/** Rows of a list before the rest is asked for. */
const FIRST_ROWS = 12;

/** What is in the workspace: where imagery lies and when it was taken, what is known in it, and the models that read it. */
export function OverviewPanel({ overview, fault, language, onRetry }: Props) {
  const text = ingestWords(language);
  if (fault !== null)
    return (
      <section className="data-overview" role="alert">
        <p className="fault">{inLanguage(fault, language) || text.unreachable}</p>
        <button type="button" className="small" onClick={onRetry}>
          {text.again}
        </button>
      </section>
    );
  if (!overview)
    return (
      <section className="data-overview" aria-busy="true" aria-label={text.overview}>
        <div className="skeleton map-skeleton" />
        <div className="skeleton data-skeleton" />
      </section>
    );
  const { coverage, entities, models, sources } = overview;
  const most = Math.max(1, ...entities.map((entity) => entity.count));
  return (
    <section className="data-overview" aria-labelledby="overview">
      <h2 id="overview">{text.overview}</h2>
      {!overview.isWhole && <p className="warn-note">{text.notWhole}</p>}
      <Part title={text.coverage}>
        {coverage.length === 0 ? (
          <p className="quiet">{text.noImagery}</p>
        ) : (
          <>
            <CoverageMap coverage={coverage} language={language} />
            <table>
              <thead>
                <tr>
                  <th scope="col">{text.date}</th>
                  <th scope="col">{text.images}</th>
                  <th scope="col">{text.resolution}</th>
                  <th scope="col">{text.area}</th>
                </tr>
              </thead>
              <tbody>
                {coverage.map(({ date, images, gsd, areaM2 }) => (
                  <tr key={date ?? ""}>
                    <th scope="row">{date ?? text.undated}</th>
                    <td>{count(images.length, language)}</td>
                    <td>{resolution(gsd)}</td>
                    <td>{ground(areaM2, language)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )}
      </Part>
      <Part title={text.things}>
        {entities.length === 0 ? (
          <p className="quiet">{text.noThings}</p>
        ) : (
          <FirstRows rows={[...entities].sort((a, b) => b.count - a.count)} language={language} className="count-bars">
            {({ concept, count: n, name }) => (
              <li key={concept}>
                <span>{name[language]}</span>
                <span className="count">{count(n, language)}</span>
                <i className="count-bar" style={{ width: `${Math.max(1, (n / most) * 100)}%` }} />
              </li>
            )}
          </FirstRows>
        )}
      </Part>
      <Part title={text.knowledge}>
        <p>
          {count(overview.landmarks, language)} {text.landmarks}, {count(overview.passages, language)} {text.passages}
        </p>
      </Part>
      <Part title={text.models}>
        <ul className="model-list">
          {models.map(({ role, id, version, title, licence, vectors, isInUse }) => (
            <li key={`${role} ${id}@${version}`}>
              <strong>{id}</strong>{" "}
              <span className="quiet">
                {text.version} {version} · {roleWords(role, language)}
                {vectors !== null && ` · ${count(vectors, language)} ${text.vectors}`}
                {licence !== null && ` · ${licence}`}
                {!isInUse && role !== "embeddings" && ` · ${text.notInUse}`}
              </span>
              {title !== null && <p>{title}</p>}
            </li>
          ))}
        </ul>
      </Part>
      <Part title={text.sources}>
        <FirstRows rows={sources} language={language} className="job-sources">
          {({ kind, file, date }, index) => (
            <li key={`${kind} ${file} ${date} ${index}`}>
              <span className="quiet">{kindWords(kind, language)}</span> {file}
              {date !== null && <span className="quiet"> {date}</span>}
            </li>
          )}
        </FirstRows>
        <dl>
          <dt>{text.storage}</dt>
          <dd>{bytes(overview.bytes, language)}</dd>
          <dt>{text.crs}</dt>
          <dd>{overview.crs}</dd>
          <dt>{text.fingerprint}</dt>
          <dd>
            <code>{overview.fingerprint.slice(0, 16)}</code>
          </dd>
        </dl>
      </Part>
    </section>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="data-part">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

interface FirstRowsProps<T> {
  readonly rows: readonly T[];
  readonly className: string;
  readonly language: Language;
  children(row: T, index: number): ReactNode;
}

/** A list of which the first rows are shown, and the rest on demand. */
function FirstRows<T>({ rows, className, language, children }: FirstRowsProps<T>) {
  const text = ingestWords(language);
  const [isWhole, setIsWhole] = useState(false);
  return (
    <>
      <ul className={className}>{(isWhole ? rows : rows.slice(0, FIRST_ROWS)).map(children)}</ul>
      {rows.length > FIRST_ROWS && (
        <button type="button" className="link" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? text.fewer : `${text.all} (${count(rows.length, language)})`}
        </button>
      )}
    </>
  );
}

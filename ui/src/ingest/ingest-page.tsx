import { useEffect, useRef } from "react";
import { inLanguage } from "../fault-words.ts";
import { Mark } from "../icons.tsx";
import type { Language } from "../words.ts";
import { AddData } from "./add-data.tsx";
import "./ingest.css";
import { BackIcon } from "./ingest-icons.tsx";
import { ingestWords } from "./ingest-words.ts";
import { JobCard } from "./job-card.tsx";
import { OverviewPanel } from "./overview-panel.tsx";
import { useJobs } from "./use-jobs.ts";
import { useOverview } from "./use-overview.ts";

interface Props {
  readonly language: Language;
  /** Called when the workspace holds something new. */
  onChanged(): void;
  onClose(): void;
}

/** What is in the workspace, and how more gets into it: sources, the ingest in hand with its steps, and those before. */
export function IngestPage({ language, onChanged, onClose }: Props) {
  const text = ingestWords(language);
  const heading = useRef<HTMLHeadingElement>(null);
  const overview = useOverview();
  const jobs = useJobs(() => {
    overview.load();
    onChanged();
  });
  useEffect(() => heading.current?.focus(), []);
  const may = jobs.state?.may ?? null;
  const all = jobs.state?.jobs ?? [];
  const running = all.find(({ state }) => state === "running") ?? null;
  const ended = all.filter((job) => job !== running);
  return (
    <div className="app data-page">
      <header className="bar">
        <button type="button" className="tool" onClick={onClose}>
          <BackIcon />
          <span className="back-words">{text.back}</span>
        </button>
        <h1 ref={heading} tabIndex={-1}>
          <Mark />
          {text.title}
        </h1>
      </header>
      <main className="data-main">
        <div className="data-column">
          {jobs.fault !== null ? (
            <section className="data-card" role="alert">
              <p className="fault">{inLanguage(jobs.fault, language) || text.unreachable}</p>
              <button type="button" className="small" onClick={jobs.load}>
                {text.again}
              </button>
            </section>
          ) : may ? (
            <AddData may={may} isBusy={running !== null} language={language} onBegun={jobs.put} />
          ) : (
            <div className="skeleton data-skeleton" />
          )}
          {running && (
            <section aria-label={text.now}>
              <JobCard
                job={running}
                language={language}
                isHeard={jobs.isHeard}
                canStart={false}
                onJob={jobs.put}
                onForgotten={jobs.drop}
              />
            </section>
          )}
          {ended.length > 0 && (
            <section className="data-earlier" aria-label={text.earlier}>
              <h2>{text.earlier}</h2>
              {ended.map((job) => (
                <JobCard
                  key={job.id}
                  job={job}
                  language={language}
                  isHeard
                  canStart={running === null}
                  onJob={jobs.put}
                  onForgotten={jobs.drop}
                />
              ))}
            </section>
          )}
        </div>
        {overview.isEmpty ? (
          <section className="data-overview" aria-labelledby="overview">
            <h2 id="overview">{text.overview}</h2>
            <p>{text.nothingYet}</p>
            <ol className="first-steps">
              {text.firstSteps.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ol>
          </section>
        ) : (
          <OverviewPanel overview={overview.found} fault={overview.fault} language={language} onRetry={overview.load} />
        )}
      </main>
    </div>
  );
}

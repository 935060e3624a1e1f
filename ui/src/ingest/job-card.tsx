import { useState } from "react";
import { faultWords, inLanguage } from "../fault-words.ts";
import type { Language } from "../words.ts";
import { count, duration, moment } from "./formats.ts";
import { cancelJob, forgetJob, type Job, retryJob } from "./ingest-api.ts";
import { attemptWords, ingestWords, kindWords, stateWords, stepWords } from "./ingest-words.ts";
import { JobSteps } from "./job-steps.tsx";

interface Props {
  readonly job: Job;
  readonly language: Language;
  /** Whether the service is heard of while the job runs. */
  readonly isHeard: boolean;
  /** Whether another ingest can begin. */
  readonly canStart: boolean;
  onJob(job: Job): void;
  onForgotten(id: string): void;
}

/** One ingest: what it adds, how far it is or how it ended, and what can be done about it. */
export function JobCard({ job, language, isHeard, canStart, onJob, onForgotten }: Props) {
  const text = ingestWords(language);
  const [fault, setFault] = useState<string | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const { id, state, sources, problem, notes, summary } = job;
  const attempt = async (work: () => Promise<void>) => {
    setFault(null);
    setIsAsking(true);
    try {
      await work();
    } catch (cause) {
      setFault(faultWords(cause, language));
    } finally {
      setIsAsking(false);
    }
  };
  const isRunning = state === "running";
  const canGoOn = !isRunning && state !== "done";
  const step = job.steps.findLast((one) => one.state === "running");
  return (
    <article className="data-card job" data-state={state} data-job={id}>
      <header>
        <h3>
          <span className="job-state">{stateWords(state, language)}</span>
          <span className="quiet">
            {moment(job.endedAt ?? job.createdAt, language)}
            {job.attempt > 1 && ` · ${attemptWords(job.attempt, language)}`}
          </span>
        </h3>
        <div className="job-actions">
          {isRunning && (
            <button
              type="button"
              className="small"
              disabled={isAsking}
              title={text.stopHint}
              onClick={() => attempt(async () => onJob(await cancelJob(id)))}
            >
              {text.cancel}
            </button>
          )}
          {canGoOn && (
            <button
              type="button"
              className="small"
              disabled={isAsking || !canStart}
              onClick={() => attempt(async () => onJob(await retryJob(id)))}
            >
              {state === "failed" ? text.retry : text.resume}
            </button>
          )}
          {!isRunning && (
            <button
              type="button"
              className="small quiet-button"
              disabled={isAsking}
              onClick={() =>
                attempt(async () => {
                  await forgetJob(id);
                  onForgotten(id);
                })
              }
            >
              {text.forget}
            </button>
          )}
        </div>
      </header>
      <ul className="job-sources">
        {sources.map(({ kind, name, place, date }) => (
          <li key={`${kind} ${place} ${name}`} title={place ?? name}>
            <span className="quiet">{kindWords(kind, language)}</span> {name}
            {date !== null && <span className="quiet"> {date}</span>}
          </li>
        ))}
      </ul>
      <p className="visually-hidden" role="status">
        {step ? stepWords(step, language) : stateWords(state, language)}
      </p>
      {problem && (
        <p className="fault" role="alert">
          {inLanguage(problem.detail, language)}
        </p>
      )}
      {fault !== null && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
      {!isHeard && <p className="warn-note">{text.lineLost} …</p>}
      {summary && (
        <p className="job-summary">
          {[
            text.ready,
            ...added(summary.megapixels, text.megapixels, language),
            ...added(summary.entitiesAdded, text.addedEntities, language),
            ...added(summary.landmarks, text.addedLandmarks, language),
            duration(summary.seconds, language),
          ].join(" · ")}
        </p>
      )}
      {isRunning ? (
        <>
          <JobSteps steps={job.steps} language={language} />
          <p className="quiet">{text.stopHint}</p>
        </>
      ) : (
        state !== "done" && job.steps.length > 1 && <JobSteps steps={job.steps} language={language} />
      )}
      {state === "done" && (
        <details>
          <summary>
            {text.steps} <span className="count">{job.steps.length}</span>
          </summary>
          <JobSteps steps={job.steps} language={language} />
        </details>
      )}
      {notes.length > 0 && (
        <details>
          <summary>
            {text.notes} <span className="count">{notes.length}</span>
          </summary>
          <ul className="job-notes">
            {notes.map((note) => (
              <li key={note}>{inLanguage(note, language)}</li>
            ))}
          </ul>
        </details>
      )}
    </article>
  );
}

/** What was added, where anything was. */
function added(value: number, name: string, language: Language): readonly string[] {
  return value > 0 ? [`${count(value, language)} ${name}`] : [];
}

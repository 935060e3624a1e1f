import { useEffect, useState } from "react";
import type { Language } from "../words.ts";
import { elapsed, pace, remaining } from "./formats.ts";
import type { JobStep } from "./ingest-api.ts";
import { DoneIcon, RunningIcon, StoppedIcon } from "./ingest-icons.tsx";
import { stepWords } from "./ingest-words.ts";
import { ProgressLine } from "./progress-line.tsx";

const SIGNS = { done: DoneIcon, running: RunningIcon, stopped: StoppedIcon };

/** The steps of an ingest so far, each with its time and pace; the one that runs with its bar and what is left. */
export function JobSteps({ steps, language }: { readonly steps: readonly JobStep[]; readonly language: Language }) {
  return (
    <ol className="job-steps">
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever added at the end
        <Step key={index} step={step} language={language} />
      ))}
    </ol>
  );
}

function Step({ step, language }: { readonly step: JobStep; readonly language: Language }) {
  const { state, done, rate, secondsLeft } = step;
  const Sign = SIGNS[state];
  const elapsedMs = useElapsed(step);
  const name = stepWords(step, language);
  return (
    <li data-state={state}>
      <Sign />
      <span className="step-name">{name}</span>
      <span className="step-figures quiet tabular">
        {rate && <span>{pace(rate, language)}</span>}
        {state === "running" && done !== null && <span>{Math.round(done * 100)} %</span>}
        {state === "running" && secondsLeft !== null && <span>{remaining(secondsLeft, language)}</span>}
        <span className="step-time">{elapsed(elapsedMs, language)}</span>
      </span>
      {state === "running" && <ProgressLine done={done} name={name} />}
    </li>
  );
}

/** Milliseconds that a step has taken, going on between what the service tells. */
function useElapsed({ elapsedMs, state }: JobStep): number {
  const [shown, setShown] = useState(elapsedMs);
  useEffect(() => {
    setShown(elapsedMs);
    if (state !== "running") return;
    const told = performance.now();
    const timer = setInterval(() => setShown(elapsedMs + performance.now() - told), 1000);
    return () => clearInterval(timer);
  }, [elapsedMs, state]);
  return shown;
}

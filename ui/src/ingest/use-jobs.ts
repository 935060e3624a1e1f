import { useCallback, useEffect, useRef, useState } from "react";
import { ServiceError } from "../api.ts";
import { followJob, getIngest, type IngestState, type Job } from "./ingest-api.ts";

/**
 * What may be ingested and the ingests of the workspace; the one that runs is followed, also where it was begun before this page was.
 *
 * @param onDone called when an ingest that was followed is done
 */
export function useJobs(onDone: () => void) {
  const [state, setState] = useState<IngestState | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [isHeard, setIsHeard] = useState(true);
  const done = useRef(onDone);
  done.current = onDone;

  const load = useCallback(() => {
    getIngest().then(
      (found) => {
        setState(found);
        setFault(null);
      },
      (cause: unknown) => setFault(cause instanceof ServiceError ? cause.message : ""),
    );
  }, []);
  useEffect(load, [load]);

  const put = useCallback(
    (job: Job) =>
      setState((held) => {
        if (!held) return held;
        const isKnown = held.jobs.some(({ id }) => id === job.id);
        return {
          ...held,
          jobs: isKnown ? held.jobs.map((one) => (one.id === job.id ? job : one)) : [job, ...held.jobs],
        };
      }),
    [],
  );
  const running = state?.jobs.find((job) => job.state === "running")?.id ?? null;
  useEffect(() => {
    if (running === null) return;
    return followJob(
      running,
      (job) => {
        put(job);
        setIsHeard(true);
        if (job.state === "done") done.current();
      },
      setIsHeard,
    );
  }, [running, put]);

  return {
    state,
    fault,
    isHeard: isHeard || running === null,
    load,
    put,
    drop: (id: string) => setState((held) => held && { ...held, jobs: held.jobs.filter((job) => job.id !== id) }),
  };
}

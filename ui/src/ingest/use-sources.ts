import { useEffect, useRef, useState } from "react";
import { newId, ServiceError } from "../api.ts";
import { beginJob, dropUpload, type Job, type Permission, type SourceRequest, sendFile } from "./ingest-api.ts";
import { dateInName, kindOfFile, kindOfName, type Refusal, type SourceDraft } from "./source-drafts.ts";

export interface Sending {
  /** Key of the draft whose file is on its way. */
  readonly key: string;
  readonly sentBytes: number;
  readonly allBytes: number;
  readonly secondsLeft: number | null;
  readonly bytesPerSecond: number | null;
}

export interface Refused {
  readonly name: string;
  readonly why: Refusal | "too_large";
}

/** A pace is told when sending has gone on for so long. */
const PACE_AFTER_MS = 800;

/** The sources that a person puts together, and their way to the service. */
export function useSources(may: Permission | null, onBegun: (job: Job) => void) {
  const [drafts, setDrafts] = useState<readonly SourceDraft[]>([]);
  const [refused, setRefused] = useState<readonly Refused[]>([]);
  const [sending, setSending] = useState<Sending | null>(null);
  /** Why the last attempt did not begin: the service's sentence, "" where it cannot be reached, null for no fault. */
  const [fault, setFault] = useState<string | null>(null);
  const [isStopped, setIsStopped] = useState(false);
  const [isStarting, setIsStarting] = useState(false);
  const abort = useRef<AbortController | null>(null);

  // A page that is left in the middle of a file takes the file with it.
  useEffect(() => {
    if (!sending) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [sending]);
  useEffect(() => () => abort.current?.abort(), []);

  const add = (more: readonly SourceDraft[], without: readonly Refused[]) => {
    setDrafts((held) => [...held, ...more]);
    setRefused(without);
    setFault(null);
    setIsStopped(false);
  };

  return {
    drafts,
    refused,
    sending,
    fault,
    isStopped,
    isStarting,
    addFiles: async (files: readonly File[]) => {
      const more: SourceDraft[] = [];
      const without: Refused[] = [];
      for (const file of files) {
        const { name } = file;
        const kind = await kindOfFile(file);
        if (kind === "part_of_shapefile" || kind === "unknown_ending") without.push({ name, why: kind });
        else if (may && file.size > may.largestUploadBytes) without.push({ name, why: "too_large" });
        else more.push({ key: newId(), kind, name, from: { file }, date: kind === "image" ? dateInName(name) : "" });
      }
      add(more, without);
    },
    addPlace: (text: string) => {
      const place = text.trim();
      if (place === "") return false;
      const isAddress = /^https?:/i.test(place);
      const name = place.split(/[?#]/)[0]?.split(/[/\\]/).filter(Boolean).at(-1) ?? place;
      const kind = kindOfName(place);
      if (kind === "part_of_shapefile" || kind === "unknown_ending") {
        add([], [{ name, why: kind }]);
        return false;
      }
      const from = isAddress ? { url: place } : { path: place };
      add([{ key: newId(), kind, name, from, date: kind === "image" ? dateInName(name) : "" }], []);
      return true;
    },
    change: (key: string, by: Partial<Pick<SourceDraft, "kind" | "date">>) =>
      setDrafts((held) => held.map((draft) => (draft.key === key ? { ...draft, ...by } : draft))),
    remove: (key: string) => setDrafts((held) => held.filter((draft) => draft.key !== key)),
    stop: () => abort.current?.abort(),
    start: async () => {
      const controller = new AbortController();
      abort.current = controller;
      setFault(null);
      setIsStopped(false);
      setIsStarting(true);
      const uploads: string[] = [];
      try {
        const sources: SourceRequest[] = [];
        for (const { key, kind, from, date } of drafts) {
          const dated = date === "" ? {} : { date };
          if (!("file" in from)) {
            sources.push({ kind, ...from, ...dated });
            continue;
          }
          const begun = performance.now();
          const tell = (sentBytes: number) => {
            const seconds = (performance.now() - begun) / 1000;
            const pace = seconds * 1000 >= PACE_AFTER_MS && sentBytes > 0 ? sentBytes / seconds : null;
            const allBytes = from.file.size;
            const secondsLeft = pace === null ? null : (allBytes - sentBytes) / pace;
            setSending({ key, sentBytes, allBytes, secondsLeft, bytesPerSecond: pace });
          };
          tell(0);
          const upload = await sendFile(from.file, tell, controller.signal);
          uploads.push(upload);
          sources.push({ kind, upload, ...dated });
        }
        const job = await beginJob(sources);
        setDrafts([]);
        setRefused([]);
        onBegun(job);
      } catch (cause) {
        // Files of an ingest that did not begin are of no use to it.
        for (const upload of uploads) dropUpload(upload).catch(() => {});
        if (controller.signal.aborted) setIsStopped(true);
        else setFault(cause instanceof ServiceError ? cause.message : String(cause));
      } finally {
        setSending(null);
        setIsStarting(false);
      }
    },
  };
}

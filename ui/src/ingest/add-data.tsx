import { type DragEvent, useRef, useState } from "react";
import { inLanguage } from "../fault-words.ts";
import type { Language } from "../words.ts";
import { bytes } from "./formats.ts";
import type { Job, Permission } from "./ingest-api.ts";
import { UploadIcon } from "./ingest-icons.tsx";
import { ingestWords, refusalWords } from "./ingest-words.ts";
import { missingOf } from "./source-drafts.ts";
import { SourceRow } from "./source-row.tsx";
import { useSources } from "./use-sources.ts";

interface Props {
  readonly may: Permission;
  readonly isBusy: boolean;
  readonly language: Language;
  onBegun(job: Job): void;
}

/** Where files are dropped or pointed to, and what is to be added, before it is. */
export function AddData({ may, isBusy, language, onBegun }: Props) {
  const text = ingestWords(language);
  const sources = useSources(may, onBegun);
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const [place, setPlace] = useState("");
  if (!may.upload)
    return (
      <section className="data-card">
        <h2>{text.add}</h2>
        <p>{text.off}</p>
      </section>
    );
  const { drafts, sending } = sources;
  const isReady = drafts.length > 0 && drafts.every((draft) => missingOf(draft) === null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    void sources.addFiles([...event.dataTransfer.files]);
  };
  return (
    <section className="data-card" aria-labelledby="add-data">
      <h2 id="add-data">{text.add}</h2>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an addition to the button inside */}
      <div
        className="drop-zone"
        data-over={isOver}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
      >
        <UploadIcon />
        <p>
          {isOver ? (
            text.dropNow
          ) : (
            <>
              {text.drop}{" "}
              <button type="button" className="link" onClick={() => input.current?.click()}>
                {text.choose}
              </button>
            </>
          )}
        </p>
        <p className="quiet">
          {text.dropHint} · {text.upTo} {bytes(may.largestUploadBytes, language)}
        </p>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label={text.choose}
          onChange={({ target }) => {
            void sources.addFiles([...(target.files ?? [])]);
            target.value = "";
          }}
        />
      </div>
      {may.path ? (
        <form
          className="place-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (sources.addPlace(place)) setPlace("");
          }}
        >
          <label htmlFor="place">{text.place}</label>
          <div>
            <input
              id="place"
              value={place}
              placeholder={text.placePath}
              spellCheck={false}
              autoComplete="off"
              onChange={({ target }) => setPlace(target.value)}
            />
            <button type="submit" className="small" disabled={place.trim() === ""}>
              {text.addPlace}
            </button>
          </div>
        </form>
      ) : (
        <p className="quiet">{text.uploadsOnly}</p>
      )}
      <div role="alert">
        {sources.refused.map(({ name, why }) => (
          <p key={name} className="fault">
            {refusalWords(name, why, language)}
          </p>
        ))}
        {sources.fault !== null && <p className="fault">{inLanguage(sources.fault, language) || text.unreachable}</p>}
      </div>
      {drafts.length > 0 && (
        <>
          <ul className="source-list">
            {drafts.map((draft) => (
              <SourceRow
                key={draft.key}
                draft={draft}
                sending={sending?.key === draft.key ? sending : null}
                isFixed={sources.isStarting}
                language={language}
                onChange={sources.change}
                onRemove={sources.remove}
              />
            ))}
          </ul>
          <div className="data-actions">
            {sources.isStarting ? (
              <button type="button" className="small" onClick={sources.stop}>
                {text.stop}
              </button>
            ) : (
              <button
                type="button"
                className="primary"
                disabled={!isReady || isBusy}
                onClick={() => void sources.start()}
              >
                {text.start}
              </button>
            )}
            <p className="quiet" role="status">
              {isBusy ? text.busyNow : sources.isStopped ? text.sendingStopped : ""}
            </p>
          </div>
        </>
      )}
    </section>
  );
}

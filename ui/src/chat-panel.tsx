import { useEffect, useRef, useState } from "react";
import type { Reply, StageEvent } from "./api.ts";
import { ResultCard } from "./result-card.tsx";
import { type Language, stageWords, words } from "./words.ts";

export interface Exchange {
  readonly message: string;
  readonly stages: readonly StageEvent[];
  readonly text: string;
  readonly reply: Reply | null;
  /** A sentence when the turn failed; empty when it was stopped. */
  readonly fault: string | null;
}

interface Props {
  readonly language: Language;
  readonly exchanges: readonly Exchange[];
  readonly examples: readonly string[];
  readonly fault: string | null;
  readonly selected: string | null;
  readonly thread: string | null;
  onSelect(id: string | null): void;
  onSend(message: string): void;
  onStop(): void;
}

export function ChatPanel({ language, exchanges, examples, fault, selected, thread, onSelect, onSend, onStop }: Props) {
  const [draft, setDraft] = useState("");
  const end = useRef<HTMLDivElement>(null);
  const text = words(language);
  const last = exchanges.at(-1);
  const isRunning = last !== undefined && last.reply === null && last.fault === null;
  const newest = exchanges.length - 1;

  // A new turn is brought into view; while it grows, the reader's place is left alone.
  useEffect(() => {
    if (newest >= 0) end.current?.scrollIntoView({ block: "end" });
  }, [newest]);

  const submit = (message: string) => {
    const trimmed = message.trim();
    if (trimmed === "" || isRunning) return;
    setDraft("");
    onSend(trimmed);
  };

  return (
    <section className="chat" aria-label="Chat">
      <div className="messages" aria-live="polite" aria-busy={isRunning}>
        {fault && (
          <p className="fault" role="alert">
            {fault}
          </p>
        )}
        {exchanges.length === 0 && examples.length > 0 && (
          <div className="welcome">
            <p>{text.tryThese}</p>
            {examples.map((example) => (
              <button type="button" key={example} className="example" onClick={() => submit(example)}>
                {example}
              </button>
            ))}
          </div>
        )}
        {exchanges.map((exchange, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: turns are only ever appended
          <article key={`${index}-${exchange.message}`} className="exchange">
            <p className="mine">
              <span className="visually-hidden">{text.you}: </span>
              {exchange.message}
            </p>
            <ReplyView
              exchange={exchange}
              language={language}
              selected={selected}
              onSelect={onSelect}
              onSend={submit}
              isNewest={index === newest}
              thread={thread}
            />
          </article>
        ))}
        <div ref={end} />
      </div>
      <form
        className="composer"
        onSubmit={(event) => {
          event.preventDefault();
          submit(draft);
        }}
      >
        <label className="visually-hidden" htmlFor="message">
          {text.placeholder}
        </label>
        <textarea
          id="message"
          rows={2}
          maxLength={4000}
          placeholder={text.placeholder}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
              event.preventDefault();
              submit(draft);
            }
          }}
        />
        {isRunning ? (
          <button type="button" className="primary" onClick={onStop}>
            {text.stop}
          </button>
        ) : (
          <button type="submit" className="primary" disabled={draft.trim() === ""}>
            {text.send}
          </button>
        )}
      </form>
    </section>
  );
}

interface ReplyProps {
  readonly exchange: Exchange;
  readonly language: Language;
  readonly selected: string | null;
  readonly isNewest: boolean;
  readonly thread: string | null;
  onSelect(id: string | null): void;
  onSend(message: string): void;
}

function ReplyView({ exchange, language, selected, isNewest, thread, onSelect, onSend }: ReplyProps) {
  const text = words(language);
  const { reply } = exchange;
  const showsCards =
    reply !== null && (reply.intent === "search" || reply.intent === "refine") && reply.regions.length > 0;
  // The cards say what the numbered lines of the text say.
  const spoken = showsCards
    ? exchange.text
        .split("\n")
        .filter((line) => !/^\d+\. /.test(line))
        .join("\n")
    : exchange.text;
  return (
    <div className={`reply ${reply?.outcome ?? ""}`}>
      {exchange.stages.length > 0 && (
        <details className="stages" open={reply === null}>
          <summary>
            {reply === null
              ? text.thinking
              : `${Math.round(exchange.stages.reduce((sum, { ms = 0 }) => sum + ms, 0))} ms`}
          </summary>
          <ol>
            {exchange.stages.map(({ stage, detail, ms }) => (
              <li key={stage}>{stageWords(stage, detail, ms, language)}</li>
            ))}
          </ol>
        </details>
      )}
      {reply === null && exchange.fault === null && exchange.stages.length === 0 && (
        <p className="quiet">{text.thinking} …</p>
      )}
      {exchange.fault && (
        <p className="fault" role="alert">
          {exchange.fault}
        </p>
      )}
      {spoken && <p className="spoken">{spoken}</p>}
      {reply?.citations.some(({ kind }) => kind === "passage") && (
        <ul className="citations" aria-label={text.sources}>
          {reply.citations
            .filter(
              ({ kind }, i, all) =>
                kind === "passage" && all.findIndex(({ marker }) => marker === all[i]?.marker) === i,
            )
            .map((citation) => (
              <li key={citation.marker}>
                [{citation.marker}] <strong>{citation.title}</strong>: “{citation.quote}”{" "}
                <span className="quiet">{citation.source}</span>
              </li>
            ))}
        </ul>
      )}
      {showsCards &&
        reply.regions.map((region) => (
          <ResultCard
            key={region.id}
            region={region}
            plan={reply.plan}
            language={language}
            isSelected={selected === region.id}
            onSelect={onSelect}
          />
        ))}
      {reply && !showsCards && reply.intent !== "why_not" && reply.nearMisses.length > 0 && (
        <div className="near-misses">
          <h3>{text.nearMisses}</h3>
          <ul>
            {reply.nearMisses.slice(0, 3).map((miss) => (
              <li key={miss.id}>
                {miss.caption}.{" "}
                <span className="quiet">
                  {miss.failure.explanation} {miss.failure.repair}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {reply && reply.choices.length > 0 && (
        <fieldset className="chips">
          <legend className="visually-hidden">{text.choices}</legend>
          {reply.choices.map((choice) => (
            <button type="button" key={choice.label} onClick={() => onSend(choice.label)}>
              {choice.label}
            </button>
          ))}
        </fieldset>
      )}
      {showsCards && isNewest && (
        <div className="chips">
          {[text.narrower, text.largest, text.why].map((suggestion) => (
            <button type="button" key={suggestion} onClick={() => onSend(suggestion)}>
              {suggestion}
            </button>
          ))}
          {thread &&
            ["geojson", "csv", "kml"].map((format) => (
              <a key={format} href={`/api/export/${thread}.${format}`} download>
                {text.export} {format}
              </a>
            ))}
        </div>
      )}
    </div>
  );
}

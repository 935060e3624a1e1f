import { type RefObject, useEffect, useRef } from "react";
import type { Conversation, Exchange } from "../use-conversation.ts";
import { type Language, words } from "../words.ts";
import { Composer } from "./composer.tsx";
import { type ExchangeActions, ExchangeView } from "./exchange-view.tsx";

interface Props extends ExchangeActions {
  readonly conversation: Conversation;
  readonly language: Language;
  readonly examples: readonly string[];
  /** Whether there is nothing in the workspace yet. */
  readonly isEmpty: boolean;
  /** Why the workspace could not be read, or null. */
  readonly fault: string | null;
  readonly selected: string | null;
  readonly hovered: string | null;
  readonly pinned: readonly string[];
  readonly concepts: readonly string[];
  readonly draft: string;
  readonly inputRef: RefObject<HTMLTextAreaElement | null>;
  readonly scopes: readonly { readonly label: string; clear(): void }[];
  onRetry(): void;
}

const isSearch = ({ reply }: Exchange) => reply?.intent === "search" || reply?.intent === "refine";

/** The conversation: a welcome with questions to try, the exchanges, and the composer below them. */
export function ChatPanel(props: Props) {
  const { conversation, language, examples, isEmpty, fault, selected, hovered, pinned, draft, inputRef, scopes } =
    props;
  const { exchanges, isRunning, isRestoring } = conversation;
  const log = useRef<HTMLDivElement>(null);
  const text = words(language);
  const newest = exchanges.at(-1)?.key;
  const newestSearch = exchanges.findLast(isSearch)?.key;

  useFollow(log, exchanges);

  return (
    <section className="chat" aria-label={text.chat}>
      <h2 className="visually-hidden">{text.chat}</h2>
      <div className="messages" role="log" ref={log} aria-busy={isRunning}>
        {fault && (
          <div className="fault" role="alert">
            <p>{fault}</p>
            <button type="button" className="small" onClick={props.onRetry}>
              {text.retry}
            </button>
          </div>
        )}
        {isRestoring && exchanges.length === 0 && <p className="quiet">{text.restoring} …</p>}
        {isEmpty && (
          <div className="welcome">
            <h2>{text.nothingYet}</h2>
            <p>{text.nothingYetMore}</p>
            <button type="button" className="primary" onClick={props.onWorkspace}>
              {text.addData}
            </button>
          </div>
        )}
        {!isEmpty && !isRestoring && exchanges.length === 0 && (
          <div className="welcome">
            <h2>{text.welcome}</h2>
            <p>{text.welcomeMore}</p>
            <h3>{text.tryThese}</h3>
            <ul>
              {examples.length > 0
                ? examples.map((example) => (
                    <li key={example}>
                      <button type="button" className="example" onClick={() => props.onSend(example)}>
                        {example}
                      </button>
                    </li>
                  ))
                : !fault && [0, 1, 2].map((line) => <li key={line} className="skeleton example-skeleton" />)}
            </ul>
          </div>
        )}
        {exchanges.map((exchange, index) => (
          <ExchangeView
            key={exchange.key}
            exchange={exchange}
            language={language}
            selected={selected}
            hovered={hovered}
            pinned={pinned}
            concepts={props.concepts}
            isBusy={isRunning}
            before={exchanges.slice(0, index).findLast(isSearch) ?? null}
            isNewest={exchange.key === newest}
            isNewestSearch={exchange.key === newestSearch}
            onSelect={props.onSelect}
            onHover={props.onHover}
            onPin={props.onPin}
            onShowMiss={props.onShowMiss}
            onHoverMiss={props.onHoverMiss}
            onSend={props.onSend}
            onQuery={props.onQuery}
            onRerun={props.onRerun}
            onJudged={props.onJudged}
            onDraft={props.onDraft}
            onWorkspace={props.onWorkspace}
          />
        ))}
      </div>
      <Composer
        language={language}
        isRunning={isRunning}
        inputRef={inputRef}
        scopes={scopes}
        draft={draft}
        onDraft={props.onDraft}
        onSend={props.onSend}
        onStop={conversation.stop}
      />
    </section>
  );
}

/**
 * Follows a conversation as it grows: the newest exchange is kept in view from its end, until its beginning would leave the
 * top. A reader who scrolls up is left where they are.
 */
function useFollow(log: RefObject<HTMLDivElement | null>, exchanges: readonly Exchange[]): void {
  const isFollowing = useRef(true);
  const newest = exchanges.at(-1)?.key;
  // A new exchange is followed again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    isFollowing.current = true;
  }, [newest]);
  useEffect(() => {
    const { current } = log;
    if (!current) return;
    const leave = () => {
      isFollowing.current = false;
    };
    const events = ["wheel", "touchmove", "keydown", "pointerdown"] as const;
    for (const event of events) current.addEventListener(event, leave, { passive: true });
    return () => {
      for (const event of events) current.removeEventListener(event, leave);
    };
  }, [log]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of the exchanges may make them longer
  useEffect(() => {
    const { current } = log;
    const last = current?.querySelector<HTMLElement>(".exchange:last-of-type");
    if (!current || !last || !isFollowing.current) return;
    const top = last.offsetTop - current.offsetTop - 8;
    current.scrollTop = Math.min(top, current.scrollHeight - current.clientHeight);
  }, [log, exchanges]);
}

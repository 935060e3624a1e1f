import { useMemo } from "react";
import type { Query } from "../../../src/query/schema.ts";
import type { Citation, NearMiss, Region, Reply, Verdict } from "../api.ts";
import { inLanguage } from "../fault-words.ts";
import { UndoIcon } from "../icons.tsx";
import { dismissWords, likeWords, similarWords, undoWords } from "../phrases.ts";
import { ResultList } from "../results/result-list.tsx";
import type { Exchange, Replayed } from "../use-conversation.ts";
import { type Language, words } from "../words.ts";
import { Abstention } from "./abstention.tsx";
import { AnswerActions } from "./answer-actions.tsx";
import { chatWords } from "./chat-words.ts";
import { CitedText } from "./cited-text.tsx";
import { DifferenceView } from "./difference-view.tsx";
import { NearMisses } from "./near-misses.tsx";
import { OwnMessage } from "./own-message.tsx";
import { QueryChips } from "./query-chips.tsx";
import { Sources, sourceId } from "./sources.tsx";
import { StageProgress } from "./stage-progress.tsx";
import { hasOneDistance, suggestions } from "./suggestions.ts";

export interface ExchangeActions {
  onSelect(id: string | null): void;
  onHover(id: string | null): void;
  onPin(id: string): void;
  onShowMiss(miss: NearMiss): void;
  onHoverMiss(miss: NearMiss | null): void;
  onSend(message: string): void;
  /** Searches a query whose parts were changed. */
  onQuery(query: Query, message: string): void;
  /** Asks an exchange again in other words, in a branch. */
  onRerun(exchange: Exchange, message: string): void;
  onJudged(exchange: Exchange, verdict: Verdict): void;
  /** Puts words into the composer for the person to finish. */
  onDraft(message: string): void;
  /** Shows what is loaded. */
  onWorkspace(): void;
}

interface Props extends ExchangeActions {
  readonly exchange: Exchange;
  readonly language: Language;
  readonly selected: string | null;
  readonly hovered: string | null;
  readonly pinned: readonly string[];
  /** Ids of the concepts that can be searched for. */
  readonly concepts: readonly string[];
  /** Whether a turn is running. */
  readonly isBusy: boolean;
  /** Whether this is the last exchange, so that what it offers continues the conversation. */
  readonly isNewest: boolean;
  /** Whether its results are those that "#2" means now. */
  readonly isNewestSearch: boolean;
  /** The search before this one; what differs from it is marked. */
  readonly before: Exchange | null;
}

const isSearch = ({ reply, regions }: Exchange) =>
  reply ? reply.intent === "search" || reply.intent === "refine" : regions.length > 0;

/** Distances in metres that the proofs of the results measured to their witnesses. */
function measuredDistances(regions: readonly Region[]): readonly number[] {
  return regions.flatMap(({ caption }) => {
    const found = /([\d,]+) m from|距.*?([\d,]+) ?米/.exec(caption);
    const digits = (found?.[1] ?? found?.[2] ?? "").replaceAll(",", "");
    return digits === "" ? [] : [Number(digits)];
  });
}

function replayWords(replayed: Replayed, reply: Reply, language: Language): string {
  const text = chatWords(language);
  if (reply.plan?.hash !== replayed.hash) return text.replayPlan;
  const outlines = JSON.stringify(reply.regions.map(({ geometry, probability }) => [geometry, probability]));
  return outlines === replayed.outlines ? text.replaySame : text.replayResults;
}

/** One message and its answer: stages, text with sources, results, near misses, and what to say next. */
export function ExchangeView(props: Props) {
  const { exchange, language, selected, hovered, pinned, isNewest, isNewestSearch } = props;
  const { onSelect, onHover, onPin, onShowMiss, onSend, onDraft } = props;
  const text = words(language);
  const { reply, regions } = exchange;
  const showsCards = isSearch(exchange) && regions.length > 0;
  const prefix = `turn-${exchange.key}`;
  // The cards say what the numbered lines of the text say.
  const spoken = showsCards
    ? exchange.text
        .split("\n")
        .filter((line) => !/^(\d+\. |…)/.test(line))
        .join("\n")
    : exchange.text;
  const cite = (citation: Citation) => {
    if (citation.kind === "region") return onSelect(citation.evidence);
    const source = document.getElementById(sourceId(prefix, citation.marker));
    source?.scrollIntoView({ block: "nearest" });
    source?.focus();
  };
  const next = useMemo(
    () => (reply && isNewest ? suggestions(reply, measuredDistances(regions), language) : []),
    [reply, isNewest, regions, language],
  );
  return (
    <article
      className="exchange"
      data-state={exchange.state}
      data-outcome={reply?.outcome ?? ""}
      lang={reply?.language}
    >
      <OwnMessage
        message={exchange.message}
        language={language}
        canEdit={!props.isBusy}
        onRerun={(message) => props.onRerun(exchange, message)}
      />
      <div className="reply">
        <span className="visually-hidden">{text.assistant}: </span>
        {(exchange.stages.length > 0 || exchange.state === "running") && (
          <StageProgress exchange={exchange} language={language} />
        )}
        {exchange.isInterrupted && (
          <p className="quiet" role="status">
            {text.reconnecting} …
          </p>
        )}
        {reply && isSearch(exchange) && reply.understood.query && (
          <QueryChips
            query={reply.understood.query}
            before={props.before?.reply?.understood.query ?? null}
            language={language}
            concepts={props.concepts}
            isDisabled={props.isBusy}
            onQuery={props.onQuery}
          />
        )}
        {reply && exchange.replayed && (
          <p className="replayed" role="status">
            {replayWords(exchange.replayed, reply, language)}
          </p>
        )}
        {reply ? (
          <Abstention
            reply={reply}
            language={language}
            isNewest={isNewest && !props.isBusy}
            onQuery={props.onQuery}
            onWorkspace={props.onWorkspace}
          >
            <CitedText text={spoken} citations={reply.citations} onCitation={cite} />
          </Abstention>
        ) : (
          spoken && <CitedText text={spoken} citations={[]} onCitation={cite} />
        )}
        {reply?.difference && (
          <DifferenceView
            difference={reply.difference}
            before={props.before?.regions ?? []}
            language={language}
            onSelect={onSelect}
            onHover={onHover}
          />
        )}
        {exchange.state === "running" && exchange.text === "" && (
          <div className="skeleton-lines" aria-hidden="true">
            <i />
            <i />
          </div>
        )}
        {exchange.state === "stopped" && <p className="quiet">{text.stopped}</p>}
        {exchange.state === "failed" && (
          <div className="fault" role="alert">
            <p>{exchange.fault === null ? text.unreachable : inLanguage(exchange.fault, language)}</p>
            {isNewest && (
              <button type="button" className="small" onClick={() => onSend(exchange.message)}>
                {text.retry}
              </button>
            )}
          </div>
        )}
        {reply && <Sources citations={reply.citations} language={language} prefix={prefix} />}
        {showsCards && (
          <ResultList
            regions={regions}
            language={language}
            selected={selected}
            hovered={hovered}
            pinned={pinned}
            hasPictures={reply !== null}
            canRefine={isNewestSearch && reply !== null}
            onSelect={onSelect}
            onHover={onHover}
            onPin={onPin}
            onDismiss={({ rank }) => onSend(dismissWords(rank, language))}
            onMoreLike={({ rank }) => onSend(similarWords(rank, language))}
            onSimilar={({ rank }) => onDraft(likeWords(rank, language))}
          />
        )}
        {reply && reply.intent !== "why_not" && (
          <NearMisses
            misses={reply.nearMisses}
            language={language}
            isOpen={!showsCards}
            canWiden={isNewest && hasOneDistance(reply)}
            onShow={onShowMiss}
            onHover={props.onHoverMiss}
            onSend={onSend}
          />
        )}
        {reply && reply.choices.length > 0 && (
          <fieldset className="choices">
            <legend>{text.choices}</legend>
            {reply.choices.map((choice) => (
              <button
                type="button"
                key={choice.label}
                className="chip"
                disabled={!isNewest}
                onClick={() => props.onQuery(choice.query, choice.label)}
              >
                {choice.label}
              </button>
            ))}
          </fieldset>
        )}
        {(next.length > 0 || (isNewest && reply?.intent === "refine")) && (
          <fieldset className="choices">
            <legend className="visually-hidden">{text.refine}</legend>
            {reply?.intent === "refine" && (
              <button type="button" className="chip" onClick={() => onSend(undoWords(language))}>
                <UndoIcon />
                {text.undo}
              </button>
            )}
            {next.map((suggestion) => (
              <button type="button" key={suggestion} className="chip" onClick={() => onSend(suggestion)}>
                {suggestion}
              </button>
            ))}
          </fieldset>
        )}
        {reply && (
          <AnswerActions
            reply={reply}
            verdict={exchange.verdict}
            language={language}
            onJudged={(verdict) => props.onJudged(exchange, verdict)}
          />
        )}
      </div>
    </article>
  );
}

import type { RefObject } from "react";
import { CloseIcon, SendIcon, StopIcon } from "../icons.tsx";
import { type Language, words } from "../words.ts";
import { chatWords } from "./chat-words.ts";

interface Props {
  readonly language: Language;
  readonly isRunning: boolean;
  readonly inputRef: RefObject<HTMLTextAreaElement | null>;
  /** What the search is confined to, in words, with a way out of it. */
  readonly draft: string;
  readonly scopes: readonly { readonly label: string; clear(): void }[];
  onDraft(message: string): void;
  onSend(message: string): void;
  onStop(): void;
}

const LONGEST_MESSAGE = 4000;

export function Composer({ language, isRunning, inputRef, draft, scopes, onDraft, onSend, onStop }: Props) {
  const text = words(language);
  const isTooLong = draft.length > LONGEST_MESSAGE;
  const canSend = draft.trim() !== "" && !isTooLong && !isRunning;
  const submit = () => {
    if (!canSend) return;
    onSend(draft.trim());
    onDraft("");
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {scopes.length > 0 && (
        <ul className="scopes">
          {scopes.map(({ label, clear }) => (
            <li key={label}>
              <button type="button" className="scope" onClick={clear} title={text.clearArea}>
                {label}
                <CloseIcon />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="composer-box">
        <label className="visually-hidden" htmlFor="message">
          {text.placeholder}
        </label>
        <textarea
          id="message"
          ref={inputRef}
          rows={1}
          maxLength={LONGEST_MESSAGE}
          placeholder={text.placeholder}
          aria-describedby="composer-help"
          value={draft}
          // What is far too long is not even laid out; one character more than may be sent is enough to say so.
          onChange={(event) => onDraft(event.target.value.slice(0, LONGEST_MESSAGE + 1))}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            submit();
          }}
        />
        {isRunning ? (
          <button type="button" className="round" aria-label={text.stop} title={text.stop} onClick={onStop}>
            <StopIcon />
          </button>
        ) : (
          <button type="submit" className="round" aria-label={text.send} title={text.send} disabled={!canSend}>
            <SendIcon />
          </button>
        )}
      </div>
      <p id="composer-help" className="composer-help">
        {isTooLong ? <span role="alert">{chatWords(language).tooLong}</span> : text.composerHelp}
      </p>
    </form>
  );
}

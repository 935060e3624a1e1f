import { useState } from "react";
import { EditIcon } from "../icons.tsx";
import { type Language, words } from "../words.ts";

interface Props {
  readonly message: string;
  readonly language: Language;
  /** False while a turn is running. */
  readonly canEdit: boolean;
  onRerun(message: string): void;
}

/** What the person said; edited, it is asked again in a branch of the conversation that starts here. */
export function OwnMessage({ message, language, canEdit, onRerun }: Props) {
  const text = words(language);
  const [edited, setEdited] = useState<string | null>(null);
  if (edited === null) {
    return (
      <div className="mine">
        {canEdit && (
          <button
            type="button"
            className="icon-button"
            aria-label={`${text.edit}: ${message.slice(0, 80)}`}
            title={text.edit}
            onClick={() => setEdited(message)}
          >
            <EditIcon />
          </button>
        )}
        <p dir="auto">
          <span className="visually-hidden">{text.you}: </span>
          {message}
        </p>
      </div>
    );
  }
  const rerun = () => {
    if (edited.trim() === "") return;
    setEdited(null);
    onRerun(edited.trim());
  };
  return (
    <form
      className="edit-message"
      onSubmit={(event) => {
        event.preventDefault();
        rerun();
      }}
    >
      <textarea
        className="field"
        aria-label={text.edit}
        rows={2}
        maxLength={4000}
        value={edited}
        ref={focusOnce}
        onChange={(event) => setEdited(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") setEdited(null);
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          rerun();
        }}
      />
      <div>
        <span className="quiet">{text.editHint}</span>
        <button type="button" className="small" onClick={() => setEdited(null)}>
          {text.cancel}
        </button>
        <button type="submit" className="small" disabled={edited.trim() === ""}>
          {text.rerun}
        </button>
      </div>
    </form>
  );
}

const focusOnce = (element: HTMLElement | null) => element?.focus();

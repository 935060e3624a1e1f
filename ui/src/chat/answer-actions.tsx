import { useState } from "react";
import { judgeTurn, type Reply, type Verdict } from "../api.ts";
import { faultWords } from "../fault-words.ts";
import { CopyIcon, ThumbDownIcon, ThumbUpIcon } from "../icons.tsx";
import { type Language, words } from "../words.ts";

interface Props {
  readonly reply: Reply;
  readonly verdict: Verdict | null;
  readonly language: Language;
  onJudged(verdict: Verdict): void;
}

/** Copies an answer, and tells the service what one thinks of it, with a comment. */
export function AnswerActions({ reply, verdict, language, onJudged }: Props) {
  const text = words(language);
  const [copied, setCopied] = useState(false);
  const [isCommenting, setIsCommenting] = useState(false);
  const [comment, setComment] = useState("");
  const [status, setStatus] = useState("");
  const judge = async (given: Verdict, said: string) => {
    try {
      await judgeTurn(reply.thread, reply.turn, given, said);
      onJudged(given);
      setStatus(text.thanks);
    } catch (cause) {
      setStatus(faultWords(cause, language));
    }
  };
  return (
    <div className="answer-actions">
      <button
        type="button"
        className="icon-button"
        aria-label={text.copyAnswer}
        title={text.copyAnswer}
        onClick={() =>
          navigator.clipboard.writeText(reply.text).then(
            () => setCopied(true),
            () => setCopied(false),
          )
        }
      >
        <CopyIcon />
      </button>
      {(["good", "bad"] as const).map((given) => (
        <button
          type="button"
          key={given}
          className="icon-button"
          aria-pressed={verdict === given}
          aria-label={given === "good" ? text.good : text.bad}
          title={given === "good" ? text.good : text.bad}
          onClick={() => {
            judge(given, comment.trim());
            setIsCommenting(true);
          }}
        >
          {given === "good" ? <ThumbUpIcon /> : <ThumbDownIcon />}
        </button>
      ))}
      <span className="quiet" role="status">
        {status || (copied ? text.copied : "")}
      </span>
      {isCommenting && verdict && (
        <form
          className="comment"
          ref={bringIntoView}
          onSubmit={(event) => {
            event.preventDefault();
            judge(verdict, comment.trim());
            setIsCommenting(false);
          }}
        >
          <input
            className="field"
            aria-label={text.comment}
            placeholder={text.comment}
            maxLength={2000}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
          <button type="submit" className="small" disabled={comment.trim() === ""}>
            {text.save}
          </button>
        </form>
      )}
    </div>
  );
}

const bringIntoView = (element: HTMLElement | null) => element?.scrollIntoView({ block: "nearest" });

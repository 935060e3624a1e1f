import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { deleteThread, getThreads, renameThread } from "./api.ts";
import { Dialog } from "./dialog.tsx";
import { faultWords } from "./fault-words.ts";
import { IconButton } from "./icon-button.tsx";
import { EditIcon, TrashIcon } from "./icons.tsx";
import { type Language, words } from "./words.ts";

interface Props {
  readonly language: Language;
  /** The thread that is open, or null. */
  readonly current: string | null;
  onOpen(thread: string): void;
  /** The open thread was removed. */
  onRemoved(): void;
  onClose(): void;
}

const SEARCH_DELAY_MS = 150;

/** Earlier conversations: found by their words, opened, named and removed. */
export function ThreadsDialog({ language, current, onOpen, onRemoved, onClose }: Props) {
  const text = words(language);
  const [search, setSearch] = useState("");
  const [wanted, setWanted] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const [renaming, setRenaming] = useState<{ readonly thread: string; readonly title: string } | null>(null);
  const [removing, setRemoving] = useState<string | null>(null);

  useEffect(() => {
    const timer = setTimeout(() => setWanted(search), SEARCH_DELAY_MS);
    return () => clearTimeout(timer);
  }, [search]);
  const cache = useQueryClient();
  const found = useQuery({
    queryKey: ["threads", wanted],
    queryFn: ({ signal }) => getThreads(wanted, signal),
    // The list of before stays while another is on its way.
    placeholderData: keepPreviousData,
  });
  const threads = found.data ?? null;
  const shownFault = fault ?? (found.error ? faultWords(found.error, language) : null);

  const attempt = async (work: Promise<unknown>) => {
    try {
      await work;
      setFault(null);
      await cache.invalidateQueries({ queryKey: ["threads"] });
    } catch (cause) {
      setFault(faultWords(cause, language));
    }
  };
  const when = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", {
    dateStyle: "medium",
    timeStyle: "short",
  });

  return (
    <Dialog title={text.threads} closeName={text.close} className="threads" onClose={onClose}>
      <input
        type="search"
        className="field"
        aria-label={text.searchThreads}
        placeholder={text.searchThreads}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      {shownFault && (
        <p className="fault" role="alert">
          {shownFault}
        </p>
      )}
      {threads?.length === 0 && <p className="quiet">{search ? text.noThreadFound : text.noThreads}</p>}
      <ul className="thread-list" aria-busy={threads === null}>
        {threads === null && shownFault === null && [0, 1, 2].map((line) => <li key={line} className="skeleton" />)}
        {(threads ?? []).map(({ thread, title, firstMessage, turns, updatedAt }) => (
          <li key={thread} data-current={thread === current}>
            {renaming?.thread === thread ? (
              <form
                className="rename"
                onSubmit={(event) => {
                  event.preventDefault();
                  setRenaming(null);
                  attempt(renameThread(thread, renaming.title.trim() || null));
                }}
              >
                <input
                  className="field"
                  aria-label={text.threadName}
                  maxLength={120}
                  ref={focusOnce}
                  value={renaming.title}
                  onChange={(event) => setRenaming({ thread, title: event.target.value })}
                  onKeyDown={(event) => {
                    if (event.key !== "Escape") return;
                    event.preventDefault();
                    event.stopPropagation();
                    setRenaming(null);
                  }}
                />
                <button type="submit" className="small">
                  {text.save}
                </button>
              </form>
            ) : (
              <>
                <button
                  type="button"
                  className="thread"
                  aria-current={thread === current || undefined}
                  onClick={() => {
                    onOpen(thread);
                    onClose();
                  }}
                >
                  <span className="thread-title">{title ?? firstMessage}</span>
                  <span className="quiet">
                    {when.format(new Date(updatedAt))} · {turns} {turns === 1 ? text.turn : text.turns}
                  </span>
                </button>
                {removing === thread ? (
                  <button
                    type="button"
                    className="small danger"
                    ref={focusOnce}
                    onBlur={() => setRemoving(null)}
                    onClick={async () => {
                      setRemoving(null);
                      await attempt(deleteThread(thread));
                      if (thread === current) onRemoved();
                    }}
                  >
                    {text.reallyRemove}
                  </button>
                ) : (
                  <>
                    <IconButton
                      name={`${text.rename}: ${title ?? firstMessage}`}
                      tip={text.rename}
                      onClick={() => setRenaming({ thread, title: title ?? "" })}
                    >
                      <EditIcon />
                    </IconButton>
                    <IconButton
                      name={`${text.remove}: ${title ?? firstMessage}`}
                      tip={text.remove}
                      onClick={() => setRemoving(thread)}
                    >
                      <TrashIcon />
                    </IconButton>
                  </>
                )}
              </>
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** What was just put in place of a button takes over its focus. */
const focusOnce = (element: HTMLElement | null) => element?.focus();

import type { Reply } from "../answer/reply.ts";
import type { DialogueState } from "../query/turn.ts";
import type { TurnRecord } from "./stages.ts";

/** Earlier queries kept for undo. */
const MOST_HISTORY = 50;
/** Landmarks kept in focus. */
const MOST_LANDMARKS = 10;

/**
 * The dialogue after a turn. A search or refinement replaces the standing query and keeps the old one for undo; undo
 * takes the last one back; questions leave it. Regions in focus are those of the last reply that was a search; landmarks in
 * focus those that the last answer rests on.
 */
export function advance(dialogue: DialogueState, record: TurnRecord, reply: Reply): DialogueState {
  const { turn } = record;
  const searched = turn.intent === "search" || turn.intent === "refine";
  const landmarks = searched ? [] : landmarksOf(reply, dialogue);
  const base: DialogueState = {
    ...dialogue,
    language: turn.language,
    ...(landmarks.length > 0 || dialogue.landmarks ? { landmarks } : {}),
  };
  if (!searched || turn.query === null) return base;
  const regions = reply.regions.map(({ id, rank, caption }) => ({ id, rank, caption }));
  if (turn.action === "undo") {
    return { ...base, query: turn.query, history: dialogue.history.slice(0, -1), regions };
  }
  const history = dialogue.query ? [...dialogue.history, dialogue.query].slice(-MOST_HISTORY) : dialogue.history;
  return { ...base, query: turn.query, history, regions };
}

/** Landmarks whose passages a reply cites, in order; without any, those that the conversation was about before. */
function landmarksOf(reply: Reply, dialogue: DialogueState): string[] {
  const cited = reply.citations
    .filter(({ kind }) => kind === "passage")
    .map(({ evidence }) =>
      evidence.startsWith("landmark:") ? evidence.slice("landmark:".length) : evidence.replace(/#\d+$/, ""),
    );
  const chosen = [...new Set(cited)];
  const { question } = reply.understood;
  // The one that was chosen or asked after comes first; "these" are still all of them.
  if (question?.knowledge?.isFollowUp)
    return [...new Set([...chosen, ...(dialogue.landmarks ?? [])])].slice(0, MOST_LANDMARKS);
  // Chosen among results: "these" are still the results.
  if (question?.degree) return chosen.slice(0, 1);
  return chosen.length > 0 ? chosen.slice(0, MOST_LANDMARKS) : (dialogue.landmarks ?? []);
}

import type { StageEvent } from "../api.ts";
import type { Exchange } from "../use-conversation.ts";
import { type Language, words } from "../words.ts";
import { countWords, doneWords, durationWords, runningWords, STAGES } from "./stage-words.ts";

/** The stages of a turn as they happen: one bar and one line, with each stage's counts and time on demand. */
export function StageProgress({ exchange, language }: { readonly exchange: Exchange; readonly language: Language }) {
  const { stages, state } = exchange;
  // Until the service has said anything, the first stage is under way.
  const unheard = (stage: string) => (stages.length === 0 && stage === STAGES[0] ? "started" : "waiting");
  const statusOf = (stage: string) => stages.find((event) => event.stage === stage)?.status ?? unheard(stage);
  return (
    <details className="stages">
      <summary>
        {state === "running" ? (
          <span className="stage-bar" aria-hidden="true">
            {STAGES.map((stage) => (
              <i key={stage} data-status={statusOf(stage)} />
            ))}
          </span>
        ) : (
          <span className="twist-sign" aria-hidden="true" />
        )}
        <span className="stage-line">{line(stages, state, language)}</span>
      </summary>
      <table>
        <tbody>
          {stages.map((event) => (
            <tr key={event.stage}>
              <th scope="row">
                {event.status === "done" ? doneWords(event.stage, language) : runningWords(event.stage, language)}
              </th>
              <td>{countWords(event, language)}</td>
              <td className="number">{event.ms === undefined ? "" : durationWords(event.ms, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function line(stages: readonly StageEvent[], state: Exchange["state"], language: Language): string {
  if (state === "running") {
    const current = stages.findLast(({ status }) => status === "started");
    return `${current ? runningWords(current.stage, language) : words(language).working} …`;
  }
  const tell = ["coarse", "prove"].flatMap((stage) => {
    const event = stages.find((entry) => entry.stage === stage);
    const counted = event ? countWords(event, language) : "";
    if (!counted) return [];
    const done = doneWords(stage, language);
    return language === "zh" ? `${done} ${counted}` : `${done.toLowerCase()} ${counted}`;
  });
  const total = stages.reduce((sum, { ms = 0 }) => sum + ms, 0);
  return [...tell, durationWords(total, language)].join(" · ");
}

import { useEffect, useState } from "react";
import type { Reply } from "../api.ts";
import { CopyIcon, RepeatIcon } from "../icons.tsx";
import { type Language, words } from "../words.ts";
import { resultWords } from "./result-words.ts";

interface Props {
  readonly plan: NonNullable<Reply["plan"]>;
  readonly language: Language;
  /** Whether a turn is running. */
  readonly isBusy: boolean;
  onReplay(): void;
}

/** What was run, as a value: its hash, dates and budget, the whole of it as JSON, to copy or to run again. */
export function PlanView({ plan, language, isBusy, onReplay }: Props) {
  const text = words(language);
  const own = resultWords(language);
  const [copied, setCopied] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another plan starts afresh
  useEffect(() => setCopied(false), [plan.hash]);
  return (
    <div className="plan-view">
      <dl className="plan">
        <dt>SHA-256</dt>
        <dd>
          <code title={plan.hash}>{plan.hash.slice(0, 16)}…</code>
        </dd>
        <dt>{text.imagery}</dt>
        <dd>{[plan.dates.before, plan.dates.after].filter(Boolean).join(" → ") || text.undated}</dd>
        <dt>{text.budget}</dt>
        <dd>
          {plan.budget.tiles} {text.tiles} · {(plan.budget.pixels / 1e6).toFixed(1)} Mpx · {plan.budget.regions}{" "}
          {text.resultsAtMost}
        </dd>
      </dl>
      <details className="logic">
        <summary>{own.planJson}</summary>
        {/* A box that scrolls is one that the keyboard must reach. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
        <pre className="plan-json" tabIndex={0}>
          {JSON.stringify(plan, null, 2)}
        </pre>
      </details>
      <p className="plan-actions">
        <button
          type="button"
          className="small"
          onClick={() => {
            navigator.clipboard.writeText(JSON.stringify(plan, null, 2)).then(
              () => setCopied(true),
              () => setCopied(false),
            );
          }}
        >
          <CopyIcon />
          {copied ? text.copied : text.copyPlan}
        </button>
        <button type="button" className="small" disabled={isBusy} onClick={onReplay}>
          <RepeatIcon />
          {own.replay}
        </button>
      </p>
    </div>
  );
}

import { useEffect, useRef, useState } from "react";
import { describeQuery } from "../../../src/query/describe.ts";
import type { Query } from "../../../src/query/schema.ts";
import { chipUrl, type Region, type Reply } from "../api.ts";
import { IconButton } from "../icon-button.tsx";
import { CloseIcon } from "../icons.tsx";
import { percent } from "../measures.ts";
import { flagWords, partWords } from "../phrases.ts";
import { type Language, words } from "../words.ts";
import { KnownLandmarks } from "./known-landmarks.tsx";
import { PlanView } from "./plan-view.tsx";
import { ProofTree } from "./proof-tree.tsx";
import { pictureDates } from "./result-card.tsx";

interface Props {
  readonly region: Region;
  readonly plan: Reply["plan"];
  readonly language: Language;
  /** Ids of the evidence that is stressed now. */
  readonly emphasised: readonly string[];
  /** Whether a turn is running. */
  readonly isBusy: boolean;
  onEmphasise(ids: readonly string[]): void;
  onReplay(): void;
  onClose(): void;
}

const MOST_EVIDENCE = 12;

/** Why a place is a result: its pictures, the question in words and in logic, the truth of each part, and what it rests on. */
export function ProofPanel(props: Props) {
  const { region, plan, language, emphasised, isBusy, onEmphasise, onReplay, onClose } = props;
  const text = words(language);
  const [isLogic, setIsLogic] = useState(false);
  const [showsAll, setShowsAll] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const entities = region.evidence.filter(({ kind }) => kind === "entity");
  const sources = [...new Set(region.evidence.flatMap(({ source }) => (source ? [source] : [])))];
  // biome-ignore lint/correctness/useExhaustiveDependencies: another result starts afresh
  useEffect(() => {
    setShowsAll(false);
  }, [region.id]);
  return (
    <aside
      className="proof-panel"
      aria-label={text.proof}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <header>
        <span className="rank">{region.rank}</span>
        <h2 ref={heading} tabIndex={-1}>
          {region.caption}
        </h2>
        <IconButton name={text.hideProof} onClick={onClose}>
          <CloseIcon />
        </IconButton>
      </header>
      <div className="proof-body">
        <div className="pictures large">
          {pictureDates(region).map((date) => (
            <figure key={date}>
              <img
                src={chipUrl(region.id, date)}
                alt={`#${region.rank}, ${date}`}
                width="320"
                height="320"
                decoding="async"
              />
              <figcaption>{date}</figcaption>
            </figure>
          ))}
        </div>
        <section className="odds">
          <strong>{percent(region.probability)}</strong>
          <p>
            {text.probabilityMeaning}.
            {region.flags.length > 0 && (
              <span className="flags">
                {" "}
                {text.caution}: {region.flags.map((flag) => flagWords(flag, language)).join(" · ")}
              </span>
            )}
          </p>
          <dl className="parts">
            {Object.entries(region.score.parts).map(([name, value]) => (
              <div key={name}>
                <dt>{partWords(name, language)}</dt>
                <dd>
                  <meter min={0} max={1} value={value} aria-hidden="true" />
                  {value.toFixed(2)}
                </dd>
              </div>
            ))}
          </dl>
        </section>
        {plan && (
          <section>
            <h3>{text.question}</h3>
            <p>{describeQuery(plan.query as Query, language)}</p>
            <details className="logic">
              <summary>{text.inLogic}</summary>
              <code>{plan.formula}</code>
            </details>
          </section>
        )}
        <section>
          <h3>
            {text.conditions}
            <span className="toggle">
              <button type="button" aria-pressed={!isLogic} onClick={() => setIsLogic(false)}>
                {text.asWords}
              </button>
              <button type="button" aria-pressed={isLogic} onClick={() => setIsLogic(true)}>
                {text.asLogic}
              </button>
            </span>
          </h3>
          <ul className="tree" key={region.id}>
            {(region.proof.tree.kind === "and" ? region.proof.tree.children : [region.proof.tree]).map(
              (node, index) => (
                <ProofTree
                  // biome-ignore lint/suspicious/noArrayIndexKey: a proof never changes
                  key={`${index}-${node.formula}`}
                  node={node}
                  language={language}
                  isLogic={isLogic}
                  open={node.kind === "concept" ? 0 : 2}
                  onWitnesses={onEmphasise}
                />
              ),
            )}
          </ul>
        </section>
        <section>
          <h3>
            {text.evidence} <span className="count">{entities.length}</span>
          </h3>
          <ul className="evidence" title={text.evidenceHint}>
            {(showsAll ? entities : entities.slice(0, MOST_EVIDENCE)).map(({ id, label, date, source }) => (
              <li key={id} data-emphasised={emphasised.includes(id)}>
                <button
                  type="button"
                  aria-pressed={emphasised.includes(id)}
                  onClick={() => onEmphasise(emphasised.includes(id) ? [] : [id])}
                  onPointerEnter={() => onEmphasise([id])}
                  onPointerLeave={() => onEmphasise([])}
                  onFocus={() => onEmphasise([id])}
                  onBlur={() => onEmphasise([])}
                >
                  <span>{label}</span>
                  <span className="quiet">
                    {[date, source?.replace(/^(layer|segmenter|detection):/, "")].filter(Boolean).join(" · ")}
                  </span>
                </button>
              </li>
            ))}
          </ul>
          {entities.length > MOST_EVIDENCE && (
            <button type="button" className="link" aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
              {showsAll ? text.fewer : `${text.all} ${entities.length}`}
            </button>
          )}
          <p className="quiet sources-line">
            {text.sources}: {sources.join(", ")}
          </p>
        </section>
        <KnownLandmarks region={region.id} language={language} />
        {plan && (
          <section>
            <h3>{text.plan}</h3>
            <PlanView plan={plan} language={language} isBusy={isBusy} onReplay={onReplay} />
          </section>
        )}
      </div>
    </aside>
  );
}

import { useState } from "react";
import type { ProofNode } from "../../src/logic/proof.ts";
import type { Region, Reply } from "./api.ts";
import { type Language, words } from "./words.ts";

interface Props {
  readonly region: Region;
  readonly plan: Reply["plan"];
  readonly language: Language;
  readonly isSelected: boolean;
  onSelect(id: string | null): void;
}

/** One result: pictures of both dates, caption, probability, score parts, and its proof on demand (open while selected). */
export function ResultCard({ region, plan, language, isSelected, onSelect }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const text = words(language);
  const dates = [...new Set([plan?.dates.before, plan?.dates.after])].filter(
    (date): date is string =>
      Boolean(date) && region.evidence.some((entry) => entry.kind === "tile" && entry.date === date),
  );
  const showsProof = isOpen || isSelected;
  return (
    <article className={`card ${isSelected ? "selected" : ""}`} data-region={region.id}>
      <button
        type="button"
        className="card-head"
        aria-pressed={isSelected}
        onClick={() => onSelect(isSelected ? null : region.id)}
      >
        <span className="rank">{region.rank}</span>
        <span className="caption">{region.caption}</span>
        <span className="probability" title={text.probability}>
          {region.probability < 1 ? Math.min(99, Math.round(region.probability * 100)) : 100} %
        </span>
      </button>
      {dates.length > 0 && (
        <div className="pictures">
          {dates.map((date) => (
            <figure key={date}>
              <img
                src={`/api/regions/${encodeURIComponent(region.id)}/chip/${date}.png`}
                alt={`#${region.rank}, ${date}`}
                loading="lazy"
                width="160"
                height="160"
              />
              <figcaption>{date}</figcaption>
            </figure>
          ))}
        </div>
      )}
      <dl className="parts">
        {Object.entries(region.score.parts).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <meter min={0} max={1} value={value}>
                {value.toFixed(2)}
              </meter>
            </dd>
          </div>
        ))}
      </dl>
      {region.flags.length > 0 && (
        <p className="flags">{region.flags.map((flag) => flag.replaceAll("_", " ")).join(" · ")}</p>
      )}
      <button type="button" className="link" aria-expanded={showsProof} onClick={() => setIsOpen(!isOpen)}>
        {showsProof ? text.hideProof : text.proof}
      </button>
      {showsProof && (
        <div className="proof">
          {plan && (
            <p>
              <span className="quiet">{text.formula}</span> <code>{plan.formula}</code>
            </p>
          )}
          <ul className="tree">
            <ProofTree node={region.proof.tree} language={language} />
          </ul>
          <p className="quiet">
            {text.evidence}: {region.evidence.filter(({ kind }) => kind === "entity").length} ·{" "}
            {[...new Set(region.evidence.flatMap(({ source }) => source ?? []))].join(", ")}
          </p>
        </div>
      )}
    </article>
  );
}

function ProofTree({ node, language }: { readonly node: ProofNode; readonly language: Language }) {
  const text = words(language);
  const { measured } = node;
  const value = measured
    ? typeof measured.value === "number"
      ? `${Math.round(measured.value * 100) / 100} ${measured.unit}`
      : measured.value
    : null;
  const threshold = measured?.threshold === undefined ? "" : ` ${measured.op ?? ""} ${measured.threshold}`;
  return (
    <li>
      <span
        className={`truth ${node.truth >= 0.3 ? "met" : "failed"}`}
        title={node.truth >= 0.3 ? text.met : text.failed}
      >
        {node.truth.toFixed(2)}
      </span>{" "}
      <code>{node.formula}</code>
      {value !== null && (
        <span className="measured">
          {" "}
          {measured?.name}: {value}
          {threshold}
        </span>
      )}
      {node.children.length > 0 && (
        <ul>
          {node.children.map((child, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a proof never changes, and its parts may be equal
            <ProofTree key={`${index}-${child.formula}`} node={child} language={language} />
          ))}
        </ul>
      )}
    </li>
  );
}

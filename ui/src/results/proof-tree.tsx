import { useState } from "react";
import type { ProofNode } from "../../../src/logic/proof.ts";
import { boundWords, measureName, valueWords } from "../measures.ts";
import { type Language, words } from "../words.ts";
import { inWords, truthState } from "./proof-words.ts";

interface Props {
  readonly node: ProofNode;
  readonly language: Language;
  /** Formulas as written in logic instead of in words. */
  readonly isLogic: boolean;
  /** Levels that start open. */
  readonly open: number;
  onWitnesses(ids: readonly string[]): void;
}

/** What a part is made of; "there is a y such that A and B" is made of A and B. */
function partsOf({ kind, children }: ProofNode): readonly ProofNode[] {
  const [only] = children;
  return (kind === "exists" || kind === "concept") && children.length === 1 && only?.kind === "and"
    ? only.children
    : children;
}

/** One part of a proof with its truth and measurement, and the parts it is made of. */
export function ProofTree({ node, language, isLogic, open, onWitnesses }: Props) {
  const [isOpen, setIsOpen] = useState(open > 0);
  const text = words(language);
  const state = truthState(node.truth);
  const { measured } = node;
  const parts = partsOf(node);
  const bound = measured ? boundWords(measured, language) : null;
  return (
    <li
      className="node"
      data-state={state}
      onPointerEnter={(event) => {
        event.stopPropagation();
        if (node.witnesses.length > 0) onWitnesses(node.witnesses);
      }}
      onPointerLeave={() => onWitnesses([])}
    >
      <div className="node-line">
        {parts.length > 0 ? (
          <button
            type="button"
            className="twist"
            aria-expanded={isOpen}
            aria-label={text.madeOf}
            onClick={() => setIsOpen(!isOpen)}
            onFocus={() => onWitnesses(node.witnesses)}
            onBlur={() => onWitnesses([])}
          />
        ) : (
          <span className="twist-space" />
        )}
        <span className="truth" title={text[state]}>
          <span className="visually-hidden">{text[state]}, </span>
          {node.truth.toFixed(2)}
        </span>
        <div className="node-text">
          {isLogic ? <code>{node.formula}</code> : inWords(node.formula, language)}
          {measured && (
            <span className="measured">
              {measureName(measured.name, language)} {valueWords(measured.value, measured.unit, language)}
              {bound && (
                <>
                  {" "}
                  · {text.threshold} {bound}
                </>
              )}
            </span>
          )}
        </div>
      </div>
      {isOpen && parts.length > 0 && (
        <ul>
          {parts.map((child, index) => (
            <ProofTree
              // biome-ignore lint/suspicious/noArrayIndexKey: a proof never changes, and its parts may be equal
              key={`${index}-${child.formula}`}
              node={child}
              language={language}
              isLogic={isLogic}
              open={open - 1}
              onWitnesses={onWitnesses}
            />
          ))}
        </ul>
      )}
    </li>
  );
}

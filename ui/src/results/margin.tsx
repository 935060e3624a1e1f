import type { Failure } from "../../../src/logic/proof.ts";
import { chatWords } from "../chat/chat-words.ts";
import { boundWords, measureName, valueWords } from "../measures.ts";
import type { Language } from "../words.ts";

interface Props {
  readonly failure: Failure;
  readonly language: Language;
}

/** What was measured beside the bound that it misses, as a bar with the bound marked on it, and by how much it misses. */
export function Margin({ failure, language }: Props) {
  const { measured, margin } = failure;
  if (!measured || typeof measured.value !== "number" || typeof measured.threshold !== "number") return null;
  const most = Math.max(measured.value, measured.threshold);
  if (most <= 0) return null;
  const share = (value: number) => `${Math.min(100, (100 * Math.max(0, value)) / most)}%`;
  return (
    <div className="margin">
      <span className="margin-bar" aria-hidden="true">
        <i style={{ width: share(measured.value) }} />
        <b style={{ left: share(measured.threshold) }} />
      </span>
      <span>
        {measureName(measured.name, language)} {valueWords(measured.value, measured.unit, language)} (
        {boundWords(measured, language)})
        {margin !== undefined && margin > 0 && (
          <>
            {" "}
            · {chatWords(language).offBy} {valueWords(margin, measured.unit, language)}
          </>
        )}
      </span>
    </div>
  );
}

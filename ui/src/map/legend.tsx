import type { WorkspaceInfo } from "../api.ts";
import { type Language, words } from "../words.ts";
import { EVIDENCE_COLOUR, MISS_COLOUR, PROBABILITY_STOPS, SALIENCY_STOPS } from "./layers.ts";
import { conceptColour } from "./use-entities.ts";

interface Props {
  readonly language: Language;
  readonly workspace: WorkspaceInfo;
  readonly hasRegions: boolean;
  readonly hasEvidence: boolean;
  readonly hasMiss: boolean;
  readonly hasSaliency: boolean;
  readonly concepts: readonly string[];
}

const ramp = (stops: readonly (readonly [number, string])[]) =>
  `linear-gradient(90deg, ${stops.map(([, colour]) => colour).join(", ")})`;

/** What the colours on the map mean; only of what is shown. */
export function Legend({ language, workspace, hasRegions, hasEvidence, hasMiss, hasSaliency, concepts }: Props) {
  const text = words(language);
  if (!hasRegions && !hasEvidence && !hasMiss && !hasSaliency && concepts.length === 0) return null;
  return (
    <ul className="legend" aria-label={text.legend}>
      {hasRegions && (
        <li>
          <span className="ramp" style={{ background: ramp(PROBABILITY_STOPS) }} />
          {text.legendProbability} {PROBABILITY_STOPS[0]?.[0]}–1
        </li>
      )}
      {hasEvidence && (
        <li>
          <i className="swatch" style={{ background: EVIDENCE_COLOUR }} />
          {text.legendWitness}
        </li>
      )}
      {hasMiss && (
        <li>
          <i className="swatch" style={{ background: MISS_COLOUR }} />
          {text.legendNearMiss}
        </li>
      )}
      {hasSaliency && (
        <li>
          <span className="ramp" style={{ background: ramp(SALIENCY_STOPS) }} />
          {text.legendSaliency} 0–1
        </li>
      )}
      {concepts.map((concept) => (
        <li key={concept}>
          <i className="swatch" style={{ background: conceptColour(workspace, concept) }} />
          {workspace.entities.find((entry) => entry.concept === concept)?.name?.[language] ?? concept}
        </li>
      ))}
    </ul>
  );
}

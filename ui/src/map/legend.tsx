import type { WorkspaceInfo } from "../api.ts";
import { type Language, words } from "../words.ts";
import { EVIDENCE_COLOUR, MISS_COLOUR, PROBABILITY_STOPS } from "./layers.ts";
import { conceptColour } from "./use-entities.ts";

interface Props {
  readonly language: Language;
  readonly workspace: WorkspaceInfo;
  readonly hasRegions: boolean;
  readonly hasEvidence: boolean;
  readonly hasMiss: boolean;
  readonly concepts: readonly string[];
}

/** What the colours on the map mean; only of what is shown. */
export function Legend({ language, workspace, hasRegions, hasEvidence, hasMiss, concepts }: Props) {
  const text = words(language);
  if (!hasRegions && !hasEvidence && !hasMiss && concepts.length === 0) return null;
  return (
    <ul className="legend" aria-label={text.legend}>
      {hasRegions && (
        <li>
          <span
            className="ramp"
            style={{
              background: `linear-gradient(90deg, ${PROBABILITY_STOPS.map(([, colour]) => colour).join(", ")})`,
            }}
          />
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
      {concepts.map((concept) => (
        <li key={concept}>
          <i className="swatch" style={{ background: conceptColour(workspace, concept) }} />
          {workspace.entities.find((entry) => entry.concept === concept)?.name?.[language] ?? concept}
        </li>
      ))}
    </ul>
  );
}

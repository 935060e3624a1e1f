import type { WorkspaceInfo } from "../api.ts";
import { LayersIcon } from "../icons.tsx";
import { Menu } from "../menu.tsx";
import { type Language, words } from "../words.ts";
import { conceptColour } from "./use-entities.ts";

interface Props {
  readonly workspace: WorkspaceInfo;
  readonly language: Language;
  /** 0..1. */
  readonly opacity: number;
  /** Ids of the concepts that are shown. */
  readonly concepts: readonly string[];
  /** Whether the map holds more entities than are shown. */
  readonly isPartial: boolean;
  /** Whether it is shown where the search looked; null where nothing was searched. */
  readonly saliency: boolean | null;
  onSaliency(isShown: boolean): void;
  onOpacity(opacity: number): void;
  onConcepts(concepts: readonly string[]): void;
}

/** How strong the imagery is, and which mapped and detected things lie over it. */
export function LayerMenu(props: Props) {
  const { workspace, language, opacity, concepts, isPartial, onOpacity, onConcepts } = props;
  const text = words(language);
  const { saliency, onSaliency } = props;
  return (
    <Menu
      name={text.layers}
      label={
        <>
          <LayersIcon />
          <span>{text.layers}</span>
          {concepts.length > 0 && <span className="badge">{concepts.length}</span>}
        </>
      }
      isMarked={concepts.length > 0}
    >
      {() => (
        <div className="layer-menu">
          {workspace.mosaics.length > 0 && (
            <label className="slider">
              <span>{text.opacity}</span>
              <input
                type="range"
                min={0}
                max={1}
                step={0.05}
                value={opacity}
                onChange={(event) => onOpacity(Number(event.target.value))}
              />
              <output>{Math.round(opacity * 100)} %</output>
            </label>
          )}
          {saliency !== null && (
            <label className="check">
              <input type="checkbox" checked={saliency} onChange={(event) => onSaliency(event.target.checked)} />
              {text.saliency}
            </label>
          )}
          <fieldset>
            <legend>{text.entities}</legend>
            <ul className="concepts">
              {workspace.entities.map(({ concept, count, name }) => (
                <li key={concept}>
                  <label>
                    <input
                      type="checkbox"
                      checked={concepts.includes(concept)}
                      onChange={(event) =>
                        onConcepts(
                          event.target.checked ? [...concepts, concept] : concepts.filter((entry) => entry !== concept),
                        )
                      }
                    />
                    <i className="swatch" style={{ background: conceptColour(workspace, concept) }} />
                    <span>{name?.[language] ?? concept.replaceAll("_", " ")}</span>
                    <span className="count">{count.toLocaleString("en-US")}</span>
                  </label>
                </li>
              ))}
            </ul>
          </fieldset>
          {isPartial && <p className="quiet">{text.partlyShown}</p>}
          {concepts.length > 0 && (
            <button type="button" className="plain" onClick={() => onConcepts([])}>
              {text.hideAll}
            </button>
          )}
        </div>
      )}
    </Menu>
  );
}

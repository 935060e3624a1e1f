import type { WorkspaceInfo } from "./api.ts";
import { Dialog } from "./dialog.tsx";
import { type Language, words } from "./words.ts";

interface Props {
  readonly workspace: WorkspaceInfo;
  readonly language: Language;
  onClose(): void;
}

/** What is loaded: imagery by date with its resolution, what is mapped and detected, knowledge, and how it was read. */
export function WorkspaceDialog({ workspace, language, onClose }: Props) {
  const text = words(language);
  const number = (value: number) => value.toLocaleString("en-US");
  const [west, south, east, north] = workspace.bboxWgs84;
  return (
    <Dialog title={text.workspace} closeName={text.close} className="workspace" onClose={onClose}>
      {/* A box that scrolls is one that the keyboard must reach. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <div className="workspace-body" tabIndex={0}>
        <h3>{text.imagery}</h3>
        {workspace.mosaics.length === 0 ? (
          <p className="quiet">{text.noImagery}</p>
        ) : (
          <table>
            <thead>
              <tr>
                <th scope="col">{text.date}</th>
                <th scope="col">{text.images}</th>
                <th scope="col">{text.gsd}</th>
                <th scope="col">{text.bands}</th>
                <th scope="col">{text.tilesIndexed}</th>
              </tr>
            </thead>
            <tbody>
              {workspace.mosaics.map(({ date, images, gsd, bands }) => (
                <tr key={date ?? ""}>
                  <td>{date ?? text.undated}</td>
                  <td>{number(images)}</td>
                  <td>{gsd < 10 ? gsd.toFixed(2) : Math.round(gsd)} m</td>
                  <td>{bands}</td>
                  <td>
                    {number(
                      workspace.tiles.filter((entry) => entry.date === date).reduce((sum, { count }) => sum + count, 0),
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <dl>
          <dt>{text.extent}</dt>
          <dd>
            {west.toFixed(4)}, {south.toFixed(4)} – {east.toFixed(4)}, {north.toFixed(4)}
          </dd>
          <dt>{text.crs}</dt>
          <dd>{workspace.crs}</dd>
          <dt>{text.encoders}</dt>
          <dd>{workspace.encoders.join(", ")}</dd>
          <dt>{text.knowledge}</dt>
          <dd>
            {number(workspace.landmarks)} {text.landmarks}, {number(workspace.passages)} {text.passages}
          </dd>
          <dt>{text.fingerprint}</dt>
          <dd>
            <code>{workspace.fingerprint.slice(0, 16)}…</code>
          </dd>
        </dl>
        <h3>{text.entities}</h3>
        <ul className="counts">
          {workspace.entities.map(({ concept, count, name }) => (
            <li key={concept}>
              <span>{name?.[language] ?? concept.replaceAll("_", " ")}</span>
              <span className="count">{number(count)}</span>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

import { type ComponentProps, lazy, Suspense } from "react";
import type { WorkspaceInfo } from "../api.ts";
import { FaultBoundary } from "../fault-boundary.tsx";
import { words } from "../words.ts";

const MapPanel = lazy(() => import("./map-panel.tsx").then(({ MapPanel: panel }) => ({ default: panel })));

type Props = Omit<ComponentProps<typeof MapPanel>, "workspace"> & {
  /** Null while it is loaded. */
  readonly workspace: WorkspaceInfo | null;
  /** Whether there is nothing to be shown. */
  readonly isEmpty: boolean;
};

/** The map's place: a skeleton until the workspace is known, and words where the map cannot be drawn. */
export function MapSide({ workspace, isEmpty, ...props }: Props) {
  const text = words(props.language);
  return (
    <section className="map-side" aria-label={text.map}>
      {workspace ? (
        <FaultBoundary fallback={<p className="map-note">{text.mapFailed}</p>}>
          <Suspense fallback={<p className="map-note quiet">{text.loadingMap} …</p>}>
            <MapPanel workspace={workspace} {...props} />
          </Suspense>
        </FaultBoundary>
      ) : (
        <div className={isEmpty ? "map" : "map skeleton"} />
      )}
    </section>
  );
}

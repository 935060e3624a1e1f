import { useId, useState } from "react";
import type { Area } from "../api.ts";
import { CloseIcon, EditIcon, PolygonIcon, RectangleIcon, UploadIcon, ViewIcon } from "../icons.tsx";
import { Menu } from "../menu.tsx";
import { type Language, words } from "../words.ts";
import { kmlPolygons } from "./kml-polygons.ts";
import { mapWords } from "./map-words.ts";
import { type AreaFault, readAreaFile } from "./read-area.ts";
import { canEdit, type DrawingMode } from "./use-drawing.ts";

interface Props {
  readonly language: Language;
  readonly area: Area | null;
  readonly inView: boolean;
  onArea(area: Area | null): void;
  onInView(inView: boolean): void;
  onDraw(mode: DrawingMode): void;
  viewArea(): Area | null;
}

/** What the search is confined to: the view, or an area that is drawn or read from a file. */
export function AreaMenu({ language, area, inView, onArea, onInView, onDraw, viewArea }: Props) {
  const text = words(language);
  const [fault, setFault] = useState<AreaFault | null>(null);
  const input = useId();
  return (
    <Menu
      name={text.area}
      label={
        <>
          <PolygonIcon />
          <span>{text.area}</span>
        </>
      }
      isMarked={area !== null || inView}
    >
      {(close) => (
        <div className="area-menu">
          <label className="check">
            <input type="checkbox" checked={inView} onChange={(event) => onInView(event.target.checked)} />
            {text.inView}
          </label>
          <hr />
          {(["rectangle", "polygon"] as const).map((mode) => (
            <button
              type="button"
              className="plain"
              key={mode}
              onClick={() => {
                onDraw(mode);
                close();
              }}
            >
              {mode === "rectangle" ? <RectangleIcon /> : <PolygonIcon />}
              {mode === "rectangle" ? text.drawRectangle : text.drawPolygon}
            </button>
          ))}
          <button
            type="button"
            className="plain"
            onClick={() => {
              onArea(viewArea());
              close();
            }}
          >
            <ViewIcon />
            {text.useView}
          </button>
          <label className="plain file" htmlFor={input}>
            <UploadIcon />
            {text.uploadArea}
            <input
              id={input}
              type="file"
              accept=".geojson,.json,.kml,.zip,application/geo+json,application/vnd.google-earth.kml+xml"
              onChange={async ({ currentTarget }) => {
                const [file] = currentTarget.files ?? [];
                currentTarget.value = "";
                if (!file) return;
                const read = await readAreaFile(file, kmlPolygons);
                setFault(read.kind === "fault" ? read.fault : null);
                if (read.kind !== "area") return;
                onArea(read.area);
                close();
              }}
            />
          </label>
          {fault && (
            <p className="fault" role="alert">
              {
                { too_large: text.areaTooLarge, not_readable: text.areaNotReadable, no_polygon: text.areaNoPolygon }[
                  fault
                ]
              }
            </p>
          )}
          {area && canEdit(area) && (
            <button
              type="button"
              className="plain"
              onClick={() => {
                onDraw("edit");
                close();
              }}
            >
              <EditIcon />
              {mapWords(language).editArea}
            </button>
          )}
          {area && (
            <button
              type="button"
              className="plain"
              onClick={() => {
                onArea(null);
                close();
              }}
            >
              <CloseIcon />
              {text.clearArea}
            </button>
          )}
        </div>
      )}
    </Menu>
  );
}

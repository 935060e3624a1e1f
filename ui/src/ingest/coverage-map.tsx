import { useState } from "react";
import type { Language } from "../words.ts";
import { ground } from "./formats.ts";
import type { Coverage } from "./ingest-api.ts";
import { ingestWords } from "./ingest-words.ts";
import { type Box, frameOf, type MapFrame, project, tilesIn } from "./map-frame.ts";

const ASPECT = 16 / 10;
/** Tiles side by side: a picture of about 500 px shows them at their size. */
const ACROSS = 3;
/** More outlines than this say nothing more on a small map. */
const MOST_OUTLINES = 500;

interface Props {
  /** Oldest first, at least one. */
  readonly coverage: readonly Coverage[];
  readonly language: Language;
}

/** Imagery of a date on a small map, with the outlines of its images, and those of the other dates behind. */
export function CoverageMap({ coverage, language }: Props) {
  const text = ingestWords(language);
  /** Undefined until one is chosen: the newest is shown then. */
  const [chosen, setChosen] = useState<string | null | undefined>(undefined);
  const shown = coverage.find(({ date }) => date === chosen) ?? (coverage.at(-1) as Coverage);
  const at = (index: 0 | 1 | 2 | 3, of: (...values: number[]) => number) =>
    of(...coverage.map(({ bboxWgs84 }) => bboxWgs84[index]));
  const frame = frameOf([at(0, Math.min), at(1, Math.min), at(2, Math.max), at(3, Math.max)], ASPECT, ACROSS);
  const { zoom, x, y, width, height } = frame;
  const nameOf = (date: string | null) => date ?? text.undated;
  return (
    <figure className="coverage">
      {coverage.length > 1 && (
        <fieldset className="date-choices">
          <legend className="visually-hidden">{text.date}</legend>
          {coverage.map(({ date }) => (
            <label key={date ?? ""} className="date-choice" data-on={date === shown.date}>
              <input
                type="radio"
                name="coverage-date"
                className="visually-hidden"
                checked={date === shown.date}
                onChange={() => setChosen(date)}
              />
              {nameOf(date)}
            </label>
          ))}
        </fieldset>
      )}
      <svg
        viewBox={`${x} ${y} ${width} ${height}`}
        role="img"
        aria-label={`${text.coverageMap}: ${nameOf(shown.date)}, ${ground(shown.areaM2, language)}`}
      >
        {tilesWith(shown, frame).map((tile) => (
          <image
            key={`${shown.date} ${tile.x} ${tile.y}`}
            href={`/api/mosaics/${shown.date ?? "undated"}/${zoom}/${tile.x}/${tile.y}.webp`}
            x={tile.x}
            y={tile.y}
            // A little more than a tile, so that no seam shows between two.
            width="1.004"
            height="1.004"
          />
        ))}
        {coverage
          .filter((one) => one !== shown)
          .flatMap(({ date, images }) =>
            images
              .slice(0, MOST_OUTLINES)
              .map(({ name, bboxWgs84 }) => (
                <Outline key={`${date} ${name}`} box={bboxWgs84} zoom={zoom} className="outline-other" />
              )),
          )}
        {shown.images.slice(0, MOST_OUTLINES).map(({ name, bboxWgs84 }) => (
          <Outline key={name} box={bboxWgs84} zoom={zoom} className="outline" />
        ))}
      </svg>
    </figure>
  );
}

/** The tiles of a frame in which imagery may lie. */
function tilesWith({ images }: Coverage, frame: MapFrame) {
  const boxes = images.map(({ bboxWgs84: [west, south, east, north] }) => [
    ...project(west, north, frame.zoom),
    ...project(east, south, frame.zoom),
  ]) as [number, number, number, number][];
  return tilesIn(frame).filter((tile) =>
    boxes.some(([x0, y0, x1, y1]) => tile.x < x1 && tile.x + 1 > x0 && tile.y < y1 && tile.y + 1 > y0),
  );
}

function Outline({ box, zoom, className }: { readonly box: Box; readonly zoom: number; readonly className: string }) {
  const [x0, y0] = project(box[0], box[3], zoom);
  const [x1, y1] = project(box[2], box[1], zoom);
  return (
    <rect className={className} x={x0} y={y0} width={x1 - x0} height={y1 - y0} vectorEffect="non-scaling-stroke" />
  );
}

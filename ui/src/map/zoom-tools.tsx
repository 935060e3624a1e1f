import type * as maplibregl from "maplibre-gl";
import { IconButton } from "../icon-button.tsx";
import { MinusIcon, NorthIcon, PlusIcon, ViewIcon } from "../icons.tsx";
import { type Language, words } from "../words.ts";

interface Props {
  readonly map: maplibregl.Map | null;
  readonly language: Language;
  onFit(): void;
}

/** Nearer, farther, all of it; and where north is, which never turns. */
export function ZoomTools({ map, language, onFit }: Props) {
  const text = words(language);
  return (
    <fieldset className="map-zoom">
      <legend className="visually-hidden">{text.map}</legend>
      <IconButton
        name={text.zoomIn}
        side="left"
        onClick={(event) => map?.zoomIn({}, { originalEvent: event.nativeEvent })}
      >
        <PlusIcon />
      </IconButton>
      <IconButton
        name={text.zoomOut}
        side="left"
        onClick={(event) => map?.zoomOut({}, { originalEvent: event.nativeEvent })}
      >
        <MinusIcon />
      </IconButton>
      <IconButton name={text.fitAll} side="left" onClick={onFit}>
        <ViewIcon />
      </IconButton>
      <span className="north" role="img" aria-label={text.north} title={text.north}>
        <NorthIcon />N
      </span>
    </fieldset>
  );
}

import type * as maplibregl from "maplibre-gl";
import { useEffect, useState } from "react";

interface Props {
  readonly map: maplibregl.Map | null;
  /** Where what is shown comes from. */
  readonly attribution: string;
}

/** Latitude and longitude under the pointer, else of the middle; and where what is shown comes from. */
export function Pointer({ map, attribution }: Props) {
  const [at, setAt] = useState("");
  useEffect(() => {
    if (!map) return;
    const show = ({ lat, lng }: maplibregl.LngLat) => setAt(`${lat.toFixed(5)}, ${lng.toFixed(5)}`);
    const move = (event: maplibregl.MapMouseEvent) => show(event.lngLat);
    const settle = () => show(map.getCenter());
    settle();
    const subscriptions = [map.on("mousemove", move), map.on("moveend", settle)];
    return () => {
      for (const subscription of subscriptions) subscription.unsubscribe();
    };
  }, [map]);
  return (
    <p className="pointer">
      <span>{attribution}</span>
      <span>{at}</span>
    </p>
  );
}

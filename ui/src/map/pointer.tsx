import type * as maplibregl from "maplibre-gl";
import { useEffect, useState } from "react";

/** Latitude and longitude under the pointer, else of the middle. */
export function Pointer({ map }: { readonly map: maplibregl.Map | null }) {
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
  return <span className="pointer">{at}</span>;
}

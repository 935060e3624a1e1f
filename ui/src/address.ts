/** What the page's address holds, so that a link or a reload shows the same: thread, selected result, date and view. */
export interface Address {
  readonly thread: string | null;
  readonly region: string | null;
  readonly date: string | null;
  /** Longitude, latitude and zoom of the map. */
  readonly view: readonly [number, number, number] | null;
  /** Concepts whose entities are shown. */
  readonly layers: readonly string[];
}

export function readAddress(search = location.search): Address {
  const parameters = new URLSearchParams(search);
  const view = (parameters.get("view") ?? "").split(",").map(Number);
  const [longitude = Number.NaN, latitude = Number.NaN, zoom = Number.NaN] = view;
  const isView = Math.abs(longitude) <= 180 && Math.abs(latitude) <= 85.06 && zoom >= 0 && zoom <= 24;
  return {
    thread: parameters.get("thread"),
    region: parameters.get("region"),
    date: parameters.get("date"),
    layers: (parameters.get("layers") ?? "").split(",").filter(Boolean),
    view: view.length === 3 && isView ? [longitude, latitude, zoom] : null,
  };
}

/** Writes what changed into the address in place, without a new entry in the browser's history. */
export function changeAddress(change: Partial<Address>): void {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value.length === 0) url.searchParams.delete(name);
    else url.searchParams.set(name, typeof value === "string" ? value : value.join(","));
  }
  url.search = url.search.replaceAll("%2C", ",");
  if (url.href !== location.href) history.replaceState(null, "", url);
}

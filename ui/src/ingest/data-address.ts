/** Whether the page's address asks for what is in the workspace instead of conversation and map. */
export function isDataAddress(search = location.search): boolean {
  return new URLSearchParams(search).get("page") === "data";
}

/** Writes into the address whether the data is shown. */
export function showDataInAddress(isShown: boolean): void {
  const url = new URL(location.href);
  if (isShown) url.searchParams.set("page", "data");
  else url.searchParams.delete("page");
  if (url.href !== location.href) history.replaceState(null, "", url);
}

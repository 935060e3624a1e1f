import { createHash } from "node:crypto";
import type { Workspace } from "../workspace.ts";

/**
 * Headers of a picture that a browser may keep but asks about before it shows it again: new imagery changes what is at its address.
 *
 * @param key names the picture and the imagery that it was made of
 */
export function revalidated(key: string): { readonly etag: string; readonly "cache-control": string } {
  return {
    etag: `"${createHash("sha256").update(key).digest("hex").slice(0, 24)}"`,
    "cache-control": "private, no-cache",
  };
}

/** Names the imagery of a date: other images, another name. */
export function imageryKey({ images }: Workspace, date: string | null): string {
  const ids = images.filter((image) => image.date === date).map(({ id }) => id);
  return `${date ?? ""}/${createHash("sha256").update(ids.join("+")).digest("hex")}`;
}

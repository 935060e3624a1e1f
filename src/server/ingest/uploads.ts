import { randomUUID } from "node:crypto";
import { createWriteStream, existsSync, readdirSync, rmSync } from "node:fs";
import { mkdir, rename, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { TerralogueError } from "../../errors.ts";

export const UPLOADS = "uploads";
const ID = /^[0-9a-f-]{36}$/;
const LONGEST_NAME = 120;

export interface Upload {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
}

/** Files that people sent, each in a folder of its own under the workspace; a file that did not come whole is not kept. */
export interface Uploads {
  /**
   * @param length what the sender says of its size in bytes; null where it says nothing
   * @throws {TerralogueError} `too_large` above the limit, or above what the disk has room for; `cancelled` when the sender left;
   *   `bad_arguments` for an empty file
   */
  receive(name: string, body: ReadableStream<Uint8Array> | null, length: number | null): Promise<Upload>;
  /** Where the file of an upload lies; null when there is none of that id. */
  find(id: string): string | null;
  remove(id: string): void;
  /** Removes every upload that `isWanted` does not want, told by the folder that holds it. */
  sweep(isWanted: (folder: string) => boolean): void;
}

/** The last part of a name, of letters, digits and a few signs, so that it can be a file anywhere; its ending stays. */
export function safeName(name: string): string {
  const last = name.normalize("NFC").split(/[/\\]/).at(-1) ?? "";
  const clean = last.replace(/[^\p{L}\p{N}._ -]+/gu, "_").replace(/^[. ]+|[. ]+$/g, "");
  const [, stem = clean, ending = ""] = /^(.*?)((?:\.[A-Za-z0-9]{1,10})?)$/u.exec(clean) ?? [];
  return `${[...stem].slice(0, LONGEST_NAME).join("") || "file"}${ending}`;
}

export function createUploads(directory: string, largestBytes: number): Uploads {
  const root = join(directory, UPLOADS);
  const fileIn = (folder: string) => {
    if (!existsSync(folder)) return null;
    const name = readdirSync(folder).find((entry) => !entry.endsWith(PARTIAL));
    return name === undefined ? null : join(folder, name);
  };
  return {
    receive: async (name, body, length) => {
      if (length !== null && length > largestBytes) throw tooLarge(largestBytes);
      await mkdir(root, { recursive: true });
      const disk = await statfs(root);
      if (length !== null && length > disk.bavail * disk.bsize)
        throw new TerralogueError(
          "too_large",
          "The disk of the service has no room for this file; free some, or give its path instead.",
        );
      const id = randomUUID();
      const folder = join(root, id);
      const kept = safeName(name);
      const draft = join(folder, `${kept}${PARTIAL}`);
      let bytes = 0;
      const count = new Transform({
        transform: (chunk: Buffer, _encoding, callback) => {
          bytes += chunk.length;
          callback(bytes > largestBytes ? tooLarge(largestBytes) : null, chunk);
        },
      });
      await mkdir(folder);
      try {
        if (body) await pipeline(Readable.fromWeb(body as never), count, createWriteStream(draft, { flags: "wx" }));
        if (bytes === 0) throw new TerralogueError("bad_arguments", `${kept} is empty (0 bytes); choose another file.`);
        if (length !== null && bytes !== length) throw new Error("The file did not come whole.");
        await rename(draft, join(folder, kept));
      } catch (cause) {
        await rm(folder, { recursive: true, force: true });
        if (cause instanceof TerralogueError) throw cause;
        if ((cause as NodeJS.ErrnoException).code === "ENOSPC")
          throw new TerralogueError("too_large", "The disk of the service is full; free some room, then try again.", {
            cause,
          });
        throw new TerralogueError("cancelled", `${kept} did not come whole, and was not kept; send it again.`, {
          cause,
        });
      }
      return { id, name: kept, bytes };
    },
    find: (id) => (ID.test(id) ? fileIn(join(root, id)) : null),
    remove: (id) => {
      if (ID.test(id)) rmSync(join(root, id), { recursive: true, force: true });
    },
    sweep: (isWanted) => {
      if (!existsSync(root)) return;
      for (const id of readdirSync(root)) {
        const folder = join(root, id);
        if (ID.test(id) && (fileIn(folder) === null || !isWanted(folder)))
          rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** Ending of a file that is still coming. */
const PARTIAL = ".partial";

function tooLarge(largestBytes: number): TerralogueError {
  const megabytes = Math.round(largestBytes / 1024 / 1024).toLocaleString("en-US");
  return new TerralogueError(
    "too_large",
    `The file is larger than the ${megabytes} MB that are taken; give its path on the machine of the service instead, or raise TERRALOGUE_UPLOAD_MB.`,
  );
}

/** One server-sent event with its data as text. */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
  /** The last id that the stream named, empty before the first. */
  readonly id: string;
}

/**
 * Server-sent events of a byte stream (WHATWG HTML, 9.2): lines end in LF, CRLF or CR, several data lines join with
 * LF, lines that start with a colon are comments, and an event that the stream's end cuts short is dropped.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let buffer = "";
  let event = "";
  let id = "";
  let data: string[] = [];
  try {
    for (;;) {
      const { value, done } = await reader.read();
      buffer += decoder.decode(value, { stream: !done });
      // A CR at the very end may be the first half of a CRLF: it waits for what follows.
      const usable = done || !buffer.endsWith("\r") ? buffer.length : buffer.length - 1;
      const lines = buffer.slice(0, usable).split(/\r\n|\n|\r/);
      buffer = (lines.pop() ?? "") + buffer.slice(usable);
      for (const line of lines) {
        if (line === "") {
          if (data.length > 0) yield { event: event || "message", data: data.join("\n"), id };
          event = "";
          data = [];
          continue;
        }
        const colon = line.indexOf(":");
        if (colon === 0) continue;
        const field = colon < 0 ? line : line.slice(0, colon);
        const text = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
        if (field === "event") event = text;
        else if (field === "data") data.push(text);
        else if (field === "id") id = text;
      }
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

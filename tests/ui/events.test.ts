import { fc, test } from "@fast-check/vitest";
import { expect, it } from "vitest";
import { readEvents, type ServerEvent } from "../../ui/src/events.ts";

/** The text as a stream of bytes, cut at the given places. */
function stream(text: string, cuts: readonly number[]): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return new ReadableStream({
    start(controller) {
      for (let i = 1; i < places.length; i += 1) controller.enqueue(bytes.slice(places[i - 1], places[i]));
      controller.close();
    },
  });
}
async function read(text: string, cuts: readonly number[] = []): Promise<readonly ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of readEvents(stream(text, cuts))) events.push(event);
  return events;
}
const line = fc.string({ unit: "binary", maxLength: 12 }).filter((text) => !/\p{Cc}/u.test(text));

test.prop([
  fc.array(
    fc.record({ event: line.filter((text) => text !== ""), data: fc.array(line, { minLength: 1, maxLength: 3 }) }),
  ),
  fc.constantFrom("\n", "\r\n", "\r"),
  fc.array(fc.nat(5000)),
])("what is written is read, wherever the network cuts it", async (written, end, cuts) => {
  const text = written
    .map(({ event, data }, i) =>
      [`id: ${i}`, `event: ${event}`, ...data.map((entry) => `data: ${entry}`), "", ""].join(end),
    )
    .join("");
  const expected = written.map(({ event, data }, i) => ({ event, data: data.join("\n"), id: String(i) }));
  expect(await read(text, cuts)).toEqual(expected);
});

it("drops comments, events without data and one that the end cuts short", async () => {
  expect(await read(": hello\n\nevent: empty\n\ndata: whole\n\ndata: half")).toEqual([
    { event: "message", data: "whole", id: "" },
  ]);
});

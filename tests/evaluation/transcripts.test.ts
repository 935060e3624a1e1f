import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Reply } from "../../src/answer/reply.ts";
import type { Evidence } from "../../src/answer/verify/evidence.ts";
import { verifyText } from "../../src/answer/verify/verify-text.ts";
import { type Engine, openEngine } from "../../src/engine.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { cachedDemo, type WorkspaceCopy } from "../fixtures/cached-demo.ts";
import { mutationsOf, seeded } from "../fixtures/mutations.ts";
import { readTranscript, writeTranscript } from "../fixtures/transcript.ts";

// UPDATE_GOLDEN=1 npx vitest run tests/evaluation/transcripts.test.ts writes the transcripts anew, to be read before they are kept.
const isUpdate = process.env.UPDATE_GOLDEN === "1";
const FOLDER = join(PACKAGE_ROOT, "tests/evaluation/transcripts");
const names = readdirSync(FOLDER).filter((name) => name.endsWith(".md"));
/** Lies made of the texts, by kind: how many there were, how many the verifier found, and those that it did not. */
const lies = new Map<string, { all: number; caught: number; missed: string[] }>();
const opened = new Map<string, { readonly engine: Engine; readonly copy: WorkspaceCopy }>();

async function engineOf(landform: "harbour" | "valley" | "basin"): Promise<Engine> {
  const held = opened.get(landform);
  if (held) return held.engine;
  const copy = await cachedDemo({ landform });
  const engine = await openEngine(copy.workspace, { now: () => new Date("2026-01-02T03:04:05Z") });
  opened.set(landform, { engine, copy });
  return engine;
}

afterAll(() => {
  for (const { engine, copy } of opened.values()) {
    engine.close();
    copy.remove();
  }
});

/** Changes one thing of a text at a time, and counts whether the verifier says so. */
function lieAbout(reply: Reply, evidence: Evidence): void {
  const names = evidence.names;
  const ranks = evidence.units.flatMap(({ rank }) => rank ?? []);
  for (const seed of [1, 2, 3]) {
    for (const { kind, text, from, to } of mutationsOf(reply.text, names, ranks, seeded(seed))) {
      const isCaught = verifyText(text, evidence).some(({ faults }) => faults.length > 0);
      const count = lies.get(kind) ?? { all: 0, caught: 0, missed: [] };
      const missed = isCaught ? count.missed : [...count.missed, `“${from}” → “${to}” in: ${text.slice(0, 300)}`];
      lies.set(kind, { all: count.all + 1, caught: count.caught + (isCaught ? 1 : 0), missed });
    }
  }
}

describe("the conversations", () => {
  it("are ten, half of them in Chinese, of 6 to 12 turns", () => {
    const all = names.map((name) => readTranscript(readFileSync(join(FOLDER, name), "utf8")));
    expect(all).toHaveLength(10);
    expect(all.filter(({ messages }) => messages.every((message) => /\p{Script=Han}/u.test(message)))).toHaveLength(5);
    for (const { messages } of all) expect([6, 7, 8, 9, 10, 11, 12]).toContain(messages.length);
  });

  it.each(names)(
    "%s goes as it is written, and every sentence is backed",
    async (name) => {
      const path = join(FOLDER, name);
      const page = readFileSync(path, "utf8");
      const conversation = readTranscript(page);
      const engine = await engineOf(conversation.world);
      const replies: Reply[] = [];
      const unbacked: string[] = [];
      for (const message of conversation.messages) {
        let evidence: Evidence = { units: [], names: [] };
        const onEvidence = (found: Evidence) => {
          evidence = found;
        };
        const reply = await engine.agent.run({ message, thread: name.replace(".md", "") }, { onEvidence });
        replies.push(reply);
        lieAbout(reply, evidence);
        for (const { piece, faults } of verifyText(reply.text, evidence, reply.citations))
          for (const fault of faults) unbacked.push(`${message} → “${piece.text.trim()}”: ${fault.kind} ${fault.text}`);
      }
      const written = writeTranscript(conversation, replies);
      if (isUpdate) writeFileSync(path, written);
      expect(unbacked).toEqual([]);
      expect(written).toBe(isUpdate ? written : page);
    },
    600_000,
  );

  it("would not be believed with one number, name, date or result changed, in 99 of 100", () => {
    const all = [...lies.values()].reduce((sum, count) => sum + count.all, 0);
    const caught = [...lies.values()].reduce((sum, count) => sum + count.caught, 0);
    const missed = [...lies].flatMap(([kind, count]) => count.missed.map((lie) => `${kind}: ${lie}`));
    if (process.env.SHOW_LIES)
      process.stdout.write(
        `${[...lies].map(([kind, count]) => `${kind} ${count.caught}/${count.all}`).join(", ")}\n${missed.join("\n")}\n`,
      );
    expect([...lies.keys()].sort()).toEqual(["date", "name", "number", "region"]);
    expect(all).toBeGreaterThan(500);
    expect(caught / all, missed.slice(0, 10).join("\n")).toBeGreaterThanOrEqual(0.99);
  });
});

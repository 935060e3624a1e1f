import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Reply } from "../../src/answer/reply.ts";
import type { Evidence } from "../../src/answer/verify/evidence.ts";
import { verifyText } from "../../src/answer/verify/verify-text.ts";
import { type Engine, openEngine } from "../../src/engine.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { cachedDemo, type WorkspaceCopy } from "../fixtures/cached-demo.ts";
import { readTranscript, writeTranscript } from "../fixtures/transcript.ts";

// UPDATE_GOLDEN=1 npx vitest run tests/evaluation/transcripts.test.ts writes the transcripts anew, to be read before they are kept.
const isUpdate = process.env.UPDATE_GOLDEN === "1";
const FOLDER = join(PACKAGE_ROOT, "tests/evaluation/transcripts");
const names = readdirSync(FOLDER).filter((name) => name.endsWith(".md"));
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

describe("the conversations", () => {
  it("are ten, half of them in Chinese, of 6 to 12 turns", () => {
    const all = names.map((name) => readTranscript(readFileSync(join(FOLDER, name), "utf8")));
    expect(all).toHaveLength(10);
    expect(all.filter(({ messages }) => messages.every((message) => /\p{Script=Han}/u.test(message)))).toHaveLength(5);
    for (const { messages } of all) expect([6, 7, 8, 9, 10, 11, 12]).toContain(messages.length);
  });

  it.each(names)("%s goes as it is written, and every sentence is backed", async (name) => {
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
      for (const { piece, faults } of verifyText(reply.text, evidence, reply.citations))
        for (const fault of faults) unbacked.push(`${message} → “${piece.text.trim()}”: ${fault.kind} ${fault.text}`);
    }
    const written = writeTranscript(conversation, replies);
    if (isUpdate) writeFileSync(path, written);
    expect(unbacked).toEqual([]);
    expect(written).toBe(isUpdate ? written : page);
  });
});

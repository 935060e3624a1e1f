import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { startServer } from "../../src/server/start-server.ts";
import { openDatabase } from "../../src/store/sqlite/database.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-nothing-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a workspace that holds nothing yet", () => {
  it("is served: data can be added, and every question is refused in a sentence", async () => {
    const server = await startServer({ workspace: join(folder, "new"), port: 0 });
    try {
      expect(server.isEmpty).toBe(true);
      expect((await fetch(`${server.url}/api/ingest`)).status).toBe(200);
      for (const path of ["/api/workspace", "/api/workspace/overview", "/api/threads", "/api/threads/x"]) {
        const response = await fetch(server.url + path);
        expect(response.headers.get("content-type")).toContain("application/problem+json");
        expect(await response.json()).toMatchObject({
          type: "urn:terralogue:empty_workspace",
          status: 404,
          detail: "The workspace holds nothing yet; add imagery or layers to it first.",
        });
      }
      const asked = await fetch(`${server.url}/api/chat`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ message: "find ports" }),
      });
      expect(await asked.text()).toContain("The workspace holds nothing yet");
    } finally {
      await server.close();
    }
  });

  it("is served too where its first ingest was cut off, so that it can be taken up again", async () => {
    const workspace = join(folder, "half");
    openDatabase(workspace, { create: true }).close();
    const server = await startServer({ workspace, port: 0 });
    expect(server.isEmpty).toBe(true);
    expect((await fetch(`${server.url}/api/workspace`)).status).toBe(404);
    await server.close();
  });

  it("is refused where nobody could add anything, and where the folder is somebody else's", async () => {
    await expect(
      startServer({ workspace: join(folder, "none"), port: 0, environment: { TERRALOGUE_INGEST: "off" } }),
    ).rejects.toMatchObject({ code: "empty_workspace" });
    const foreign = join(folder, "foreign");
    mkdirSync(foreign);
    writeFileSync(join(foreign, "notes.txt"), "mine");
    await expect(startServer({ workspace: foreign, port: 0 })).rejects.toMatchObject({ code: "bad_workspace" });
  });
});

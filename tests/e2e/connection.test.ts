import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { buildNode } from "../../scripts/build.mjs";
import { type RunningServer, startServer } from "../../src/server/start-server.ts";
import { findChromium, launch } from "./browser.ts";

const executable = findChromium();

/** A line to the service that can be cut in the middle of an answer. */
function cuttableLine(target: () => number) {
  const sockets = new Set<Socket>();
  let onStage: (() => void) | null = null;
  const server: Server = createServer((client) => {
    const upstream = connect(target(), "127.0.0.1");
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on("data", (data) => upstream.write(data));
    upstream.on("data", (data) => {
      client.write(data);
      if (!onStage || !data.includes("event: stage")) return;
      const call = onStage;
      onStage = null;
      call();
    });
  });
  return {
    server,
    /** Calls once, when the next turn has begun to answer. */
    whenAnswering: (call: () => void) => {
      onStage = call;
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

describe.skipIf(executable === null)("a conversation over a line that breaks", () => {
  const folder = mkdtempSync(join(tmpdir(), "terralogue-line-"));
  const workspace = join(folder, "workspace");
  let service: RunningServer;
  let browser: Browser;
  let page: Page;
  let port = 0;
  const line = cuttableLine(() => port);
  const serve = async () => {
    service = await startServer({ workspace, port });
    port = Number(new URL(service.url).port);
  };

  /** The service in a process of its own, which can be killed. */
  const serveInProcess = async () => {
    const child = spawn(
      process.execPath,
      ["dist/node/run.js", "serve", "--workspace", workspace, "--port", String(port)],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    await once(child.stdout, "data");
    return child;
  };

  beforeAll(async () => {
    await buildNode();
    cpSync(inject("world").workspace, workspace, { recursive: true });
    await serve();
    await new Promise<void>((resolve) => line.server.listen(0, "127.0.0.1", resolve));
    browser = await launch(executable as string);
    page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    await page.goto(`http://127.0.0.1:${(line.server.address() as { port: number }).port}`);
    await page.locator(".example").first().waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    line.cut();
    line.server.close();
    await service?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = async (message: string) => {
    const count = await page.locator(".exchange").count();
    await page.getByRole("textbox").fill(message);
    await page.getByRole("textbox").press("Enter");
    const exchange = page.locator(".exchange").nth(count);
    await exchange.and(page.locator("[data-state=done]")).waitFor();
    return exchange;
  };
  const storedTurns = async () => {
    const thread = new URL(page.url()).searchParams.get("thread");
    return page.evaluate(
      (id) =>
        fetch(`/api/threads/${id}`)
          .then((response) => response.json() as Promise<{ turns: { message: string }[] }>)
          .then(({ turns }) => turns.map(({ message }) => message)),
      thread,
    );
  };

  it("takes a turn up again where the line was cut, and runs it once", async () => {
    line.whenAnswering(line.cut);
    const exchange = await ask("find logistics parks");
    expect(await exchange.locator(".card").count()).toBeGreaterThan(0);
    expect(await exchange.locator(".spoken").textContent()).toContain("Found");
    expect(await storedTurns()).toEqual(["find logistics parks"]);
  });

  it("loses nothing when the service is stopped and started in the middle of a turn", async () => {
    let restarted = Promise.resolve();
    line.whenAnswering(() => {
      line.cut();
      restarted = service.close().then(serve);
    });
    const exchange = await ask("only those larger than 1 ha");
    await restarted;
    expect(await exchange.locator(".card").count()).toBeGreaterThan(0);
    expect(await storedTurns()).toEqual(["find logistics parks", "only those larger than 1 ha"]);
  });

  it("loses nothing when the service is killed in the middle of a turn and started again", async () => {
    await service.close();
    let killed = await serveInProcess();
    let restarted: Promise<void> = Promise.resolve();
    line.whenAnswering(() => {
      killed.kill("SIGKILL");
      line.cut();
      restarted = once(killed, "exit").then(async () => {
        killed = await serveInProcess();
      });
    });
    const exchange = await ask("find all logistics parks");
    await restarted;
    expect(killed.killed).toBe(false);
    expect(await exchange.locator(".card").count()).toBeGreaterThan(0);
    expect(await storedTurns()).toEqual([
      "find logistics parks",
      "only those larger than 1 ha",
      "find all logistics parks",
    ]);
    killed.kill("SIGKILL");
    await once(killed, "exit");
    await serve();
  });

  it("says so when the service cannot be reached, and asks again on demand", async () => {
    await page.route("**/api/chat", (route) =>
      route.fulfill({ status: 503, contentType: "application/problem+json", body: '{"detail":"Busy; come back."}' }),
    );
    await page.getByRole("textbox").fill("find storage tanks");
    await page.getByRole("textbox").press("Enter");
    await page.getByRole("alert").getByText("Busy; come back.").waitFor();
    await page.unroute("**/api/chat");
    await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
    await page.locator(".exchange").nth(4).and(page.locator("[data-state=done]")).waitFor();
  });
});

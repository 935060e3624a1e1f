import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isPublicAddress, publicLookup, publicUrl } from "../../src/imagery/public-address.ts";
import { getPublic } from "../../src/imagery/public-client.ts";
import { openRaster } from "../../src/imagery/raster.ts";

let server: Server;
let port: number;
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`);
    const to = new URL(request.url ?? "/", "http://x").searchParams.get("to");
    if (to) response.writeHead(302, { location: to }).end();
    else response.end("secret");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as { port: number }).port;
});
afterAll(() => server.close());

/** A name server by which public.example is this machine, as a name under an attacker's hand may be at first; all else is looked up. */
const lookup: typeof publicLookup = (host, options, callback) => {
  if (host !== "public.example") publicLookup(host, options, callback);
  else if (options.all) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
};
const ask = (path: string) => getPublic(`http://public.example:${port}${path}`, {}, { lookup });

describe("addresses of the public internet", () => {
  it.each(["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700:4700::1111"])("%s is one", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "ff02::1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:db8::1",
    "nonsense",
  ])("%s is none", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each([
    "http://127.0.0.1/x.tif",
    "HTTP://127.0.0.1/x.tif",
    "http://2130706433/x.tif",
    "http://0x7f.1/x.tif",
    "http://0177.0.0.1/x.tif",
    "http://[::1]/x.tif",
    "http://[::ffff:169.254.169.254]/latest/meta-data",
    "http://169.254.169.254./latest/meta-data",
    "http://①②⑦.0.0.1/",
    "file:///etc/passwd",
    "ftp://8.8.8.8/x.tif",
    "http://somebody:secret@8.8.8.8/x.tif",
    "nowhere",
  ])("%s is not followed", (url) => {
    expect(() => publicUrl(url)).toThrow();
  });
});

describe("a request to a public address", () => {
  it("is refused where the name leads to this machine", async () => {
    await expect(getPublic(`http://localhost:${port}/`, {})).rejects.toThrow("not on the public internet");
    expect(asked).toEqual([]);
  });

  it.each(["http://127.0.0.1:PORT/", "http://[::ffff:7f00:1]:PORT/", "//localhost:PORT/x", "HTTP://169.254.169.254/"])(
    "does not follow a redirect to %s",
    async (to) => {
      asked.length = 0;
      const target = to.replace("PORT", String(port));
      await expect(ask(`/?to=${encodeURIComponent(target)}`)).rejects.toThrow("not on the public internet");
      expect(asked).toHaveLength(1);
    },
  );

  it("does not follow a redirect to another scheme, nor redirects without end", async () => {
    await expect(ask("/?to=file:///etc/passwd")).rejects.toThrow("no http or https address");
    const circle = createServer((_, response) => response.writeHead(302, { location: "/again" }).end());
    await new Promise<void>((resolve) => circle.listen(0, "127.0.0.1", resolve));
    const there = (circle.address() as { port: number }).port;
    await expect(getPublic(`http://public.example:${there}/`, {}, { lookup })).rejects.toThrow(
      "leads on more than 5 times",
    );
    circle.close();
  });

  it("is what a raster of public reach is read by, and what the refusal is told of", async () => {
    asked.length = 0;
    await expect(openRaster(`http://localhost:${port}/x.tif`, { reach: "public" })).rejects.toThrow(
      "not on the public internet",
    );
    expect(asked).toEqual([]);
  });
});

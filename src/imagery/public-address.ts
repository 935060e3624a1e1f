import type { LookupAddress, LookupOptions } from "node:dns";
import { lookup } from "node:dns";
import { BlockList, isIP } from "node:net";
import { TerralogueError } from "../errors.ts";

/** Addresses that are not on the public internet, by the IANA special-purpose registries. */
const SPECIAL_V4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const;
/** Inside 2000::/3, which is all of the public IPv6 internet; 6to4 and Teredo carry an IPv4 address past the list above. */
const SPECIAL_V6 = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const;

const special = new BlockList();
for (const [network, prefix] of SPECIAL_V4) special.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of SPECIAL_V6) special.addSubnet(network, prefix, "ipv6");
const global = new BlockList();
global.addSubnet("2000::", 3, "ipv6");

/** Whether an IP address is one of the public internet: not loopback, private, link-local, shared, reserved or multicast. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, "ipv4");
  return family === 6 && global.check(address, "ipv6") && !special.check(address, "ipv6");
}

/**
 * A web address that may be followed for somebody who is not at this machine's own keyboard: http or https, without a
 * password in it, and where its host is an IP address, a public one. Names are looked at when they are resolved.
 *
 * @throws {TerralogueError} `bad_arguments` in one sentence
 */
export function publicUrl(text: string, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw new TerralogueError("bad_arguments", `${text.slice(0, 200)} is no http or https address; correct it.`);
  if (url.username !== "" || url.password !== "")
    throw new TerralogueError(
      "bad_arguments",
      "The address holds a user name or password, which would be stored; give one without.",
    );
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw notPublic(url.host);
  return url;
}

/**
 * `dns.lookup` that gives public addresses alone. The connection is made to what was looked at here, so that a name which
 * changes its address meanwhile gains nothing.
 */
export function publicLookup(
  host: string,
  options: LookupOptions,
  callback: (fault: Error | null, address: string | LookupAddress[], family?: number) => void,
): void {
  lookup(host, { ...options, all: true }, (fault, found) => {
    const refused = fault ?? (found.every(({ address }) => isPublicAddress(address)) ? null : notPublic(host));
    const [first] = found ?? [];
    if (refused || !first) callback(refused ?? notPublic(host), []);
    else if (options.all) callback(null, found);
    else callback(null, first.address, first.family);
  });
}

function notPublic(host: string): TerralogueError {
  return new TerralogueError(
    "bad_arguments",
    `${host} is not on the public internet, and is not fetched from the page; ingest it from the command line, or set TERRALOGUE_INGEST_URLS=any.`,
  );
}

import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

/** What came of asking once. */
export type ProbeAnswer =
  | { readonly answer: "says"; readonly value: string }
  /** Nothing usable yet, and why; asking again may help. */
  | { readonly answer: "nothing"; readonly why: string }
  /** It must not be asked at all. */
  | { readonly answer: "forbidden"; readonly why: string };

/** Asks what users get: the text in one member of a JSON document, or in one header. */
export type HttpProbe = (question: {
  readonly host: string;
  readonly path: string;
  readonly field: string;
  /** Instead of the member. */
  readonly header?: string | undefined;
}) => Promise<ProbeAnswer>;

/** The machine's network; tests and the simulated region have others. */
export interface Network {
  readonly fetch: typeof fetch;
  readonly addressesOf: (host: string) => Promise<readonly string[]>;
}

const TIMEOUT_MILLIS = 5_000;
const LONGEST_ANSWER = 65_536;

/**
 * Asks over https only, a host of the deployed environment only, never a private address, and follows no redirect
 * (docs/facts/frontend-secrets-config.md §A.8; DESIGN §9). Between the look at the addresses and the request a name may
 * change its meaning; TLS then still asks for the host's certificate.
 */
export function httpProbe({ fetch, addressesOf }: Network = realNetwork): HttpProbe {
  return async ({ host, path, field, header }) => {
    const url = `https://${host}${path}`;
    const unreachable = (error: unknown): ProbeAnswer => ({
      answer: "nothing",
      why: `${url} cannot be reached: ${reasonOf(error)}`,
    });
    try {
      const addresses = await addressesOf(host);
      const inner = addresses.find(isPrivate);
      if (inner)
        return { answer: "forbidden", why: `${host} leads to ${inner}, which is not a public address` };
      const response = await fetch(url, {
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT_MILLIS),
        headers: { accept: "application/json", "cache-control": "no-cache" },
      });
      if (response.status !== 200) return { answer: "nothing", why: `${url} answers ${response.status}` };
      if (header !== undefined) return said(response.headers.get(header), url, header);
      return read(await response.text(), url, field);
    } catch (error) {
      return unreachable(error);
    }
  };
}

const realNetwork: Network = {
  fetch: (...request) => fetch(...request),
  addressesOf: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
};

function said(value: string | null, url: string, header: string): ProbeAnswer {
  return value === null
    ? { answer: "nothing", why: `${url} has no header ${header}` }
    : { answer: "says", value };
}

function read(text: string, url: string, field: string): ProbeAnswer {
  if (text.length > LONGEST_ANSWER)
    return { answer: "nothing", why: `${url} answers with more than a small document` };
  try {
    const document: unknown = JSON.parse(text);
    const value = new Map<string, unknown>(Object.entries(Object(document))).get(field);
    if (typeof value === "string") return { answer: "says", value };
    return { answer: "nothing", why: `${url} has no text in "${field}"` };
  } catch {
    return { answer: "nothing", why: `${url} does not answer with JSON` };
  }
}

/** Special-purpose addresses: https://www.iana.org/assignments/iana-ipv4-special-registry and its IPv6 twin. */
const PRIVATE_NETWORKS = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
  ["::", 127],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const;

function isPrivate(address: string): boolean {
  const blocked = new BlockList();
  for (const [network, prefix] of PRIVATE_NETWORKS) {
    blocked.addSubnet(network, prefix, network.includes(":") ? "ipv6" : "ipv4");
  }
  const family = isIP(address);
  if (family === 0) return true;
  // BlockList knows an IPv4 address that is written as IPv6 (::ffff:10.0.0.1) as what it is.
  return blocked.check(address, family === 6 ? "ipv6" : "ipv4");
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

import { BlockList, isIP } from "node:net";

/** Whether every address of one block lies in another; an address alone is a block of one. */
export function blockContains(outer: string, inner: string): boolean {
  const [outside, inside] = [parse(outer), parse(inner)];
  if (!outside || !inside || outside.family !== inside.family || outside.prefix > inside.prefix) return false;
  const list = new BlockList();
  list.addSubnet(outside.address, outside.prefix, outside.family);
  return list.check(inside.address, inside.family);
}

/** The block as EC2 keeps it, without the bits of a host (`10.0.0.5/24` is `10.0.0.0/24`); undefined when it is none. */
export function canonicalBlock(
  text: string,
): { readonly kind: "ipv4" | "ipv6"; readonly cidr: string } | undefined {
  const block = text.includes("/") ? parse(text) : undefined;
  if (!block) return undefined;
  const { address, prefix, family } = block;
  // Host bits of IPv6 blocks are kept as they come.
  return { kind: family, cidr: `${family === "ipv4" ? masked(address, prefix) : address}/${prefix}` };
}

interface Block {
  readonly family: "ipv4" | "ipv6";
  readonly address: string;
  readonly prefix: number;
}

function parse(text: string): Block | undefined {
  const [address = "", suffix] = text.split("/");
  const version = isIP(address);
  const longest = version === 6 ? 128 : 32;
  const prefix = suffix === undefined ? longest : Number(suffix);
  if (version === 0 || suffix === "" || !Number.isInteger(prefix) || prefix < 0 || prefix > longest)
    return undefined;
  return { family: version === 6 ? "ipv6" : "ipv4", address, prefix };
}

function masked(address: string, prefix: number): string {
  const octets = address.split(".").map(Number);
  const kept = octets.map((octet, index) => {
    const bits = Math.min(8, Math.max(0, prefix - index * 8));
    return octet & (0xff << (8 - bits));
  });
  return kept.join(".");
}

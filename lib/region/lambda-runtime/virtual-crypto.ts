import type { Random } from "../kernel/random.ts";
import { refuse, standInModule } from "./stand-in-module.ts";

/** What is a pure function of its input. The rest is random, or runs on a thread that the virtual clock cannot wait for. */
const PURE = [
  "createHash",
  "createHmac",
  "createSecretKey",
  "createPublicKey",
  "createPrivateKey",
  "getHashes",
  "getCiphers",
  "hash",
  "timingSafeEqual",
  "Hash",
  "Hmac",
  "KeyObject",
];

type Bytes = ArrayBufferView<ArrayBufferLike>;

/** `node:crypto` and the global `crypto` with the region's seeded randomness in place of the system's. */
export function virtualCrypto(random: Random): {
  readonly module: Record<string, unknown>;
  readonly web: Record<string, unknown>;
} {
  const fill = <T extends Bytes>(view: T): T => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (let index = 0; index < bytes.length; index++) bytes[index] = random.integer(0, 255);
    return view;
  };
  const randomUUID = () => random.uuid();
  const randomBytes = answering((size: number) => fill(Buffer.alloc(size)));
  const randomInt = answering((low: number, high?: number) =>
    high === undefined ? random.integer(0, low - 1) : random.integer(low, high - 1),
  );
  const web = { randomUUID, getRandomValues: fill, subtle: refusedSubtle() };
  const own = {
    randomUUID,
    getRandomValues: fill,
    randomBytes,
    randomInt,
    randomFillSync: fill,
    webcrypto: web,
  };
  return { module: standInModule("node:crypto", { allow: PURE, own }), web };
}

/** Node's pattern for these: a last argument that is a function gets the answer instead of the caller. */
function answering<In extends unknown[], Out>(compute: (...values: In) => Out) {
  return (...values: [...In] | [...In, (error: null, answer: Out) => void]): Out | undefined => {
    const callback = values.at(-1);
    if (typeof callback !== "function") return compute(...(values as In));
    const answer = compute(...(values.slice(0, -1) as In));
    process.nextTick(callback, null, answer);
    return undefined;
  };
}

function refusedSubtle(): object {
  return new Proxy({}, { get: (_target, key) => refuse(`crypto.subtle.${String(key)}`) });
}

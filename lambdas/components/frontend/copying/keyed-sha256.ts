import { createHash, createHmac, createSecretKey, type Hash, type Hmac, type KeyObject } from "node:crypto";
import type { SourceData } from "@smithy/types";

/**
 * SHA-256, and with a secret its HMAC, as SignatureV4 wants them. The signer comes with the same two secrets for every
 * request; to prepare one takes Node longer than to use it, so both are kept, as long as the signer keeps them.
 */
export class KeyedSha256 {
  readonly #secret: SourceData | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: SourceData) {
    this.#secret = secret;
    this.#hash = begun(secret);
  }

  update(chunk: SourceData): void {
    this.#hash.update(typeof chunk === "string" ? chunk : bytesOf(chunk));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = begun(this.#secret);
  }
}

/** The signing key of the day, by the object that the signer holds. */
const signingKeys = new WeakMap<object, KeyObject>();
/** The secret access key, of which a function has one at a time. */
let accessKey: { readonly secret: string; readonly key: KeyObject } | undefined;

function begun(secret: SourceData | undefined): Hash | Hmac {
  return secret === undefined ? createHash("sha256") : createHmac("sha256", keyOf(secret));
}

function keyOf(secret: SourceData): KeyObject {
  if (typeof secret === "string") {
    if (accessKey?.secret !== secret) accessKey = { secret, key: createSecretKey(secret, "utf8") };
    return accessKey.key;
  }
  const known = signingKeys.get(secret);
  if (known) return known;
  const key = createSecretKey(bytesOf(secret));
  signingKeys.set(secret, key);
  return key;
}

function bytesOf(data: Exclude<SourceData, string>): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

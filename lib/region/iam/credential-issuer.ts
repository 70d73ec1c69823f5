import type { Random } from "../kernel/random.ts";
import type { Principal } from "../service-model.ts";

/** Temporary credentials as STS gives them. */
export interface Credentials {
  /** `ASIA…` */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Hands out keys for role sessions and knows afterwards whose they are. */
export class CredentialIssuer {
  readonly #random: Random;
  readonly #sessions = new Map<string, Principal>();

  constructor(random: Random) {
    this.#random = random;
  }

  issue(roleArn: string, session: string): Credentials {
    const accessKeyId = `ASIA${this.#characters(16)}`;
    this.#sessions.set(accessKeyId, { arn: roleArn, type: "role", session });
    return { accessKeyId, secretAccessKey: this.#random.hex(40), sessionToken: this.#random.hex(64) };
  }

  /** The role session that the key was issued for; undefined for a key from elsewhere. */
  sessionOf(accessKeyId: string): Principal | undefined {
    return this.#sessions.get(accessKeyId);
  }

  #characters(length: number): string {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    return Array.from({ length }, () => alphabet[this.#random.integer(0, alphabet.length - 1)]).join("");
  }
}

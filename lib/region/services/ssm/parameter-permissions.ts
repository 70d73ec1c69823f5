import type { EncryptionKeys } from "../../encryption-keys.ts";
import type { RegionContext } from "../../region-context.ts";
import type { Permission } from "../../service-model.ts";
import type { Parameter } from "./parameter.ts";
import { type ParameterStore, splitSelector } from "./parameter-store.ts";

/**
 * Resources and condition keys of the parameter actions.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
 */
export class ParameterPermissions {
  readonly #store: ParameterStore;
  readonly #keys: EncryptionKeys;

  constructor(store: ParameterStore, keys: EncryptionKeys) {
    this.#store = store;
    this.#keys = keys;
  }

  /** An action on one parameter, whatever version of it. */
  on(action: string, name: string | undefined, extra: Readonly<Record<string, string>> = {}): Permission {
    const { base } = splitSelector(name ?? "");
    const parameter = this.#store.find(base);
    const tags = [...(parameter?.tags ?? [])].flatMap(([key, value]) => [
      [`aws:ResourceTag/${key}`, value],
      [`ssm:resourceTag/${key}`, value],
    ]);
    return {
      action: `ssm:${action}`,
      resource: parameter?.arn ?? (base.startsWith("arn:") ? base : this.#store.arnOf(base)),
      context: { ...Object.fromEntries(tags), ...extra },
    };
  }

  /** Decrypting a SecureString needs the caller's leave in KMS, for the key of that very version. */
  decrypt(name: string, withDecryption: boolean | undefined): Permission[] {
    const { base, selector } = splitSelector(name);
    const parameter = this.#store.find(base);
    if (!withDecryption || !parameter) return [];
    const wanted = selector?.slice(1);
    const number = wanted === undefined ? undefined : (parameter.labels.get(wanted) ?? Number(wanted));
    const version =
      number === undefined
        ? parameter.versions.at(-1)
        : parameter.versions.find((candidate) => candidate.number === number);
    return this.use(parameter.arn, version?.keyArn, ["Decrypt"]);
  }

  /** The whole history, decrypted: every key that a version of it is encrypted with. */
  decryptAll(parameter: Parameter | undefined, withDecryption: boolean | undefined): Permission[] {
    if (!withDecryption || !parameter) return [];
    const keys = new Set(parameter.versions.map(({ keyArn }) => keyArn));
    return [...keys].flatMap((keyArn) => this.use(parameter.arn, keyArn, ["Decrypt"]));
  }

  /**
   * https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html#parameter-store-encryption-context
   */
  use(parameterArn: string, keyId: string | undefined, actions: readonly string[]): Permission[] {
    if (keyId === undefined) return [];
    const encryptionContext = { PARAMETER_ARN: parameterArn };
    return this.#keys.permissions(keyId, actions, { service: "ssm", encryptionContext });
  }
}

/** Who changed a parameter, as the history names them. */
export function changedBy(
  context: RegionContext,
  principal: { readonly arn: string; readonly session?: string },
): string {
  const role = /:role\/(?:.*\/)?([^/]+)$/.exec(principal.arn)?.[1];
  if (role === undefined) return principal.arn;
  return `arn:aws:sts::${context.account}:assumed-role/${role}/${principal.session ?? "session"}`;
}

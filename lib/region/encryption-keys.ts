import type { Permission } from "./service-model.ts";

/** What a service that encrypts needs of KMS. */
export interface EncryptionKeys {
  /** The ARN of a key given by id, ARN or alias; undefined when there is no such key. */
  arnOf(keyId: string): string | undefined;
  /** Whether the key can encrypt and decrypt now. */
  usable(keyId: string): boolean;
  /** What a caller needs in KMS so that the service uses the key for it. */
  permissions(
    keyId: string,
    actions: readonly string[],
    use: { readonly service: string; readonly encryptionContext: Readonly<Record<string, string>> },
  ): Permission[];
}

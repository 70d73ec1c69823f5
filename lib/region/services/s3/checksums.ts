import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { s3Error } from "./s3-error.ts";
import type { Checksums } from "./stored-object.ts";

export interface IntegrityHeaders {
  readonly ContentMD5?: string | undefined;
  readonly ChecksumCRC32?: string | undefined;
  readonly ChecksumSHA1?: string | undefined;
  readonly ChecksumSHA256?: string | undefined;
}

/**
 * Verifies what the writer said about the body and returns the checksums to keep. S3 would add a CRC64NVME of
 * its own to an object without one; that is not modelled.
 */
export function verifiedChecksums(body: Uint8Array, sent: IntegrityHeaders): Checksums {
  verify("Content-MD5", sent.ContentMD5, () => createHash("md5").update(body).digest());
  verify("CRC32", sent.ChecksumCRC32, () => crc32Of(body));
  verify("SHA1", sent.ChecksumSHA1, () => createHash("sha1").update(body).digest());
  verify("SHA256", sent.ChecksumSHA256, () => createHash("sha256").update(body).digest());
  return {
    ...(sent.ChecksumCRC32 === undefined ? {} : { ChecksumCRC32: sent.ChecksumCRC32 }),
    ...(sent.ChecksumSHA1 === undefined ? {} : { ChecksumSHA1: sent.ChecksumSHA1 }),
    ...(sent.ChecksumSHA256 === undefined ? {} : { ChecksumSHA256: sent.ChecksumSHA256 }),
  };
}

function verify(name: string, sent: string | undefined, actual: () => Buffer): void {
  if (sent !== undefined && sent !== actual().toString("base64")) throw s3Error.badDigest(name);
}

function crc32Of(body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes;
}

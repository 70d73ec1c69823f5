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
 * Verifies what the writer said about the body and returns the checksums to keep. An object without any is given a
 * CRC64NVME when somebody asks for checksums.
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

/** CRC-64/NVME, base64 of the big-endian value: reflected, all ones at both ends. */
export function crc64nvme(body: Uint8Array): string {
  let crc = 0xffff_ffff_ffff_ffffn;
  for (const byte of body) crc = (crc >> 8n) ^ (crc64Table[Number(crc & 0xffn) ^ byte] ?? 0n);
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(crc ^ 0xffff_ffff_ffff_ffffn);
  return bytes.toString("base64");
}

const crc64Table = Array.from({ length: 256 }, (_, index) => {
  let value = BigInt(index);
  for (let bit = 0; bit < 8; bit++)
    value = (value >> 1n) ^ ((value & 1n) === 1n ? 0x9a6c_9329_ac4b_c9b5n : 0n);
  return value;
});

import { CLIENT_OPTIONS } from "../../../platform/platform.ts";

/**
 * How an S3 client is made that copies many objects at once: a connection for each copy that is under way (the SDK's own
 * limit is 50), and no checksums of requests that have no body to protect.
 */
export const COPYING_OPTIONS = {
  requestChecksumCalculation: "WHEN_REQUIRED",
  responseChecksumValidation: "WHEN_REQUIRED",
  requestHandler: { ...CLIENT_OPTIONS.requestHandler, httpsAgent: { keepAlive: true, maxSockets: 128 } },
} as const;

import type { WireReply, WireRequest } from "../wire/wire-message.ts";

/** Carries one HTTP request of a function to the region. A rejection is a lost connection. */
export type Transport = (request: WireRequest) => Promise<WireReply>;

/**
 * The caller never gets an answer: the transport turns this into ECONNRESET. Whether the operation took effect is
 * exactly what the caller cannot know; the call log can.
 */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
  /** As Node names a connection that the other side closed: what the SDK's retry strategy looks at. */
  readonly code = "ECONNRESET";
  /** Whether the operation ran before the connection was lost. */
  readonly handled: boolean;
  /** Whether the caller, when it is a function, ends here as well. */
  readonly killsCaller: boolean;

  constructor(what: string, handled: boolean, killsCaller = false) {
    super(`socket hang up: ${what} ${handled ? "ran, and its reply was lost" : "never reached the service"}`);
    this.handled = handled;
    this.killsCaller = killsCaller;
  }
}

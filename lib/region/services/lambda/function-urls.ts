import type { Identities } from "../../iam/identities.ts";
import type { InvocationResult } from "../../lambda-runtime/lambda-runtime.ts";
import type { RegionContext } from "../../region-context.ts";
import { AwsError, type Principal } from "../../service-model.ts";
import type { WireReply, WireRequest } from "../../wire/wire-message.ts";
import type { DeployedFunction, FunctionRegistry } from "./function-registry.ts";
import type { Invocations } from "./invocations.ts";
import { urlEvent } from "./url-event.ts";
import { urlReply } from "./url-reply.ts";

/** Answers `https://<id>.lambda-url.<region>.on.aws/` for signed callers, buffered. */
export class FunctionUrls {
  readonly #context: RegionContext;
  readonly #registry: FunctionRegistry;
  readonly #invocations: Invocations;
  readonly #identities: Pick<Identities, "authorize">;

  constructor(
    context: RegionContext,
    parts: {
      readonly registry: FunctionRegistry;
      readonly invocations: Invocations;
      readonly identities: Pick<Identities, "authorize">;
    },
  ) {
    this.#context = context;
    this.#registry = parts.registry;
    this.#invocations = parts.invocations;
    this.#identities = parts.identities;
  }

  async answer(request: WireRequest, principal: Principal): Promise<WireReply> {
    const fn = this.#registry.findByUrl(request.host.split(".")[0] ?? "");
    // What AWS answers for an id that nobody has is unverified; it gives nothing away, so the same as a stranger.
    const signed = request.headers["authorization"] !== undefined;
    if (!fn || !signed || !this.#allowed(fn, principal)) return forbidden();
    const requestId = this.#context.kernel.random.uuid();
    const event = urlEvent(this.#context, { request, principal, requestId });
    let result: InvocationResult;
    try {
      const payload = new TextEncoder().encode(JSON.stringify(event));
      const checked = this.#invocations.checkedEvent(payload, "RequestResponse");
      result = await this.#invocations.run(fn, checked, requestId);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return message(error.status ?? 500, error.message);
    }
    // A function that fails is a bad gateway (https://docs.aws.amazon.com/lambda/latest/dg/urls-monitoring.html: 5xx).
    return result.failed ? message(502, "Internal Server Error") : urlReply(result.payload);
  }

  /**
   * Since October 2025 a caller needs both permissions, from its own policy or the function's
   * (https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html).
   */
  #allowed(fn: DeployedFunction, principal: Principal): boolean {
    const url = { "lambda:FunctionUrlAuthType": "AWS_IAM" };
    const invoke = { "lambda:InvokedViaFunctionUrl": "true" };
    try {
      this.#identities.authorize(principal, [
        this.#registry.permission("lambda:InvokeFunctionUrl", fn.name, undefined, url),
        this.#registry.permission("lambda:InvokeFunction", fn.name, undefined, invoke),
      ]);
      return true;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.#context.kernel.log.write("lambda", "function url refused", {
        function: fn.name,
        error: error.code,
      });
      return false;
    }
  }
}

/** The text from memory (unverified). */
function forbidden(): WireReply {
  const help = "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html";
  const reply = message(
    403,
    `Forbidden. For troubleshooting Function URL authorization issues, see: ${help}`,
  );
  return { ...reply, headers: { ...reply.headers, "x-amzn-errortype": "AccessDeniedException" } };
}

function message(status: number, text: string): WireReply {
  const body = new TextEncoder().encode(JSON.stringify({ Message: text }));
  return { status, headers: { "content-type": "application/json" }, body };
}

import { InvokeCommand } from "@aws-sdk/client-lambda";
import type { Tick } from "../../../contracts/tick.ts";
import { asked, isNamed } from "../../aws-call.ts";
import type { Job } from "../job.ts";

/** Long waits are cut, so that an invocation can end between them. */
const LONGEST_WAIT_SECONDS = 60;

/**
 * Tells clients with long connections to reconnect, once a rollback, and gives them their time [docs/facts/ecs.md §5.3];
 * undefined when there is nobody to tell, or nothing more to wait for. Whether a call reached the function is not known
 * when its answer is lost: then it is not repeated, only one that AWS itself turned down is.
 */
export async function tellClients(job: Job): Promise<Tick | undefined> {
  const { details, steps, answer, clock } = job;
  const { notice } = details;
  if (!notice) return undefined;
  const state = steps.text("notice", "state");
  if (state === undefined || state === "turned-down") return send(job, notice);
  if (state === "missing") return undefined;
  const toldAt = steps.timeOf("notice")?.getTime() ?? 0;
  const left = notice.seconds - (clock().getTime() - toldAt) / 1_000;
  if (left <= 0) return undefined;
  return answer.working(
    `Clients have ${Math.ceil(left)} more seconds to reconnect.`,
    Math.min(left, LONGEST_WAIT_SECONDS),
  );
}

async function send(
  { lambda, steps, answer, rollbackId, move }: Job,
  notice: { readonly function: string; readonly seconds: number },
): Promise<Tick> {
  await steps.write("notice", { state: "told" });
  const payload = { rollbackId, component: move.component, seconds: notice.seconds };
  try {
    await asked(
      `Telling clients through ${notice.function}`,
      // Queued by Lambda: how long the function takes is its own affair.
      lambda.send(
        new InvokeCommand({
          FunctionName: notice.function,
          InvocationType: "Event",
          Payload: new TextEncoder().encode(JSON.stringify(payload)),
        }),
      ),
    );
  } catch (error) {
    if (isNamed(error, "ResourceNotFoundException")) {
      // Not being able to tell clients is no reason to leave the data wrong.
      await steps.write("notice", { state: "missing" });
      return answer.working(`Nobody was told: the function ${notice.function} does not exist.`, 1);
    }
    if (wasTurnedDown(error)) await steps.write("notice", { state: "turned-down" });
    throw error;
  }
  return answer.working(`Clients were told and have ${notice.seconds} seconds to reconnect.`, 1);
}

/** AWS answered with an error, so the function was not started; a lost answer has no status. */
function wasTurnedDown(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (!(cause instanceof Error) || !("$metadata" in cause)) return false;
  const { $metadata } = cause as Error & { readonly $metadata?: { readonly httpStatusCode?: number } };
  return ($metadata?.httpStatusCode ?? 0) >= 400;
}

import { it } from "vitest";
import { perform } from "./perform.ts";
it("x", async () => { const p = await perform(); console.log(p.status, p.error, p.cause, p.output, p.tookMs, p.told.map((t) => [t.phase, t.outcome, t.subject])); for (const e of p.events) console.log(e.id, e.previousEventId, e.type, e.stateEnteredEventDetails?.name ?? "", e.stateEnteredEventDetails?.input?.length ?? "", e.stateExitedEventDetails?.assignedVariables ? Object.entries(e.stateExitedEventDetails.assignedVariables).map(([k,v])=>k+":"+v.length).join() : ""); });

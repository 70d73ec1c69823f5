import type { Tick } from "../../contracts/tick.ts";
import { arrivalOf } from "../arrival.ts";
import type { Job } from "./job.ts";

/**
 * After a failure or a stop: what a cache holds of data that went back never happened, whatever else became of the
 * rollback, so it is cleaned all the same. Where nobody knows on which data users are, too: an empty cache is slower, an
 * old one is wrong.
 */
export async function followData(job: Job, clean: (job: Job) => Promise<Tick>): Promise<Tick> {
  const { answer, steps } = job;
  if (steps.has("cut-over-done") || !(await dataMayBeBack(job))) return answer.done("Nothing to tidy.");
  // What was carried out is part of the move: the component is where it was to go.
  return { ...(await clean(job)), verb: "cutOver" };
}

/** Whether users are, or may be, on other data than the cache was filled from. */
export async function dataMayBeBack({ journal, move }: Job): Promise<boolean> {
  const arrivals = await Promise.all((move.waitsFor ?? []).map((data) => arrivalOf(journal, data)));
  return arrivals.some((arrival) => arrival !== "not there");
}

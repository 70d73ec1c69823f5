import { bundle } from "../../scripts/bundle.ts";

/** The functions are bundled once for all suites: drills, stack tests and the end-to-end tests run what is shipped. */
export default async function setup(): Promise<void> {
  await bundle();
}

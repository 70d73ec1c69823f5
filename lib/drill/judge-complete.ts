import { COMPLETE } from "../region/application/complete-names.ts";
import { check } from "./check.ts";
import type { Check } from "./result.ts";
import type { Expectation } from "./scenario.ts";
import type { Stage } from "./stage.ts";

/** Compares what a drill expects of data, frontend and door with what people of the complete application meet. */
export function judgeComplete(stage: Stage, expected: Expectation, startedAt: number): Check[] {
  const { cache, data, frontend, gate, pageSeen, symptoms, unserved } = expected;
  const { complete } = stage;
  if (!complete) {
    const asked = [cache, data, frontend, gate, pageSeen, symptoms, unserved].some(
      (one) => one !== undefined,
    );
    return asked ? [check("the application is the complete one", false, "it is not")] : [];
  }
  const checks: Check[] = [];
  if (data?.intact !== undefined) {
    const corrupted = complete.content()?.corrupted ?? ["no database answers"];
    checks.push(check("data is intact", (corrupted.length === 0) === data.intact, corrupted));
  }
  if (data?.revision !== undefined) {
    const revision = complete.content()?.revision;
    checks.push(check(`the schema is at ${data.revision}`, revision === data.revision, revision ?? "none"));
  }
  if (data?.lostWrites !== undefined) {
    const { writes } = complete.writesLost(startedAt);
    checks.push(check(`at most ${data.lostWrites} writes are lost`, writes <= data.lostWrites, `${writes}`));
  }
  if (data?.passwordFits !== undefined) {
    const fits = complete.passwordFits();
    checks.push(check("the password fits", fits === data.passwordFits, String(fits)));
  }
  if (cache !== undefined) {
    const used = complete.cachesInUse();
    const held = used.length === 1 && used[0]?.startsWith(`${COMPLETE.cache}-sb-`) === (cache === "copy");
    checks.push(check(`every task uses the ${cache} cache`, held && used[0] !== "none", used));
  }
  if (frontend !== undefined) {
    const releases = complete.frontendReleases();
    const held = Object.values(releases).every((release) => release === frontend);
    checks.push(check(`everybody gets the frontend ${frontend}`, held, releases));
  }
  if (gate !== undefined)
    checks.push(check(`the door is ${gate}`, complete.gate() === gate, complete.gate()));
  if (pageSeen !== undefined) {
    const { maintenance } = stage.region.boardroom.turnedAway(startedAt);
    const claim = pageSeen ? "customers saw the page" : "nobody saw the page";
    checks.push(check(claim, maintenance > 0 === pageSeen, `${maintenance} requests`));
  }
  if (unserved !== undefined) {
    const found = stage.region.boardroom.impactByCause(startedAt)["no-target"] ?? 0;
    checks.push(check(`at most ${unserved} requests met no task`, found <= unserved, `${found}`));
  }
  if (symptoms !== undefined) {
    const found = complete.symptoms();
    checks.push(
      check(symptoms ? "something is wrong" : "nothing is wrong", found.length > 0 === symptoms, found),
    );
  }
  return checks;
}

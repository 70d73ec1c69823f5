import { bundle } from "../scripts/bundle.ts";
import { benchBundles } from "./bundle-start.ts";
import { benchCompleteRecovery } from "./complete-recovery.ts";
import { benchFrontendRestore } from "./frontend-restore.ts";
import { benchLogicalDump } from "./logical-dump.ts";
import { benchNotice } from "./notice.ts";
import { benchSimulation } from "./simulation.ts";

/** `npm run bench`: every figure is a comparison within this run; nothing is asserted. */
await bundle();
await benchBundles();
await benchNotice();
await benchSimulation();
await benchCompleteRecovery();
await benchLogicalDump();
await benchFrontendRestore();

#!/usr/bin/env node
import { runCommandLine } from "../lib/cli/command-line.ts";

await runCommandLine(process.argv);

import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The one file that takes as long as many others together: begun last, it would run alone at the end. */
const LONGEST = "complete-drills.test.ts";

/** Without results of an earlier run, as on a fresh clone, Vitest begins with the largest file, which says little. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLongest = ({ moduleId }: TestSpecification) => moduleId.endsWith(LONGEST);
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))];
  }
}

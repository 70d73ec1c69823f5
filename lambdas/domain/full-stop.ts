/** A sentence that others may follow, whether or not AWS or a person ended it with a full stop. */
export const withFullStop = (sentence: string): string => sentence.replace(/\.?$/, ".");

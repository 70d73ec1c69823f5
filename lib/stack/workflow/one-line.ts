/** Validators of definitions want an expression on one line. */
export const oneLine = (expression: string) => expression.replace(/\s*\n\s*/g, " ");

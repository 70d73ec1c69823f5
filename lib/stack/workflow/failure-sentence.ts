/**
 * A JSONata expression that yields what a person should read of an error output: its name and, for a failed function,
 * the message inside the JSON that Lambda makes of it; for other causes the whole text.
 *
 * @param errorOutput the expression of the error output, like `$failure`
 */
export const failureSentence = (errorOutput: string) =>
  `${errorOutput}.Error & ': ' & $substringBefore($substringAfter(${unquoted(`${errorOutput}.Cause`)}, '"errorMessage":"'), '"')`;

/** Quotes inside the message are escaped in its JSON and would end it too early: they become apostrophes. */
const unquoted = (cause: string) => `$replace($string(${cause}), '\\\\"', "'")`;

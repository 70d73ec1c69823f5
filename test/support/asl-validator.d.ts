/** The package has no types of its own: this is the shape that its README documents. */
declare module "asl-validator" {
  interface Verdict {
    readonly isValid: boolean;
    errorsText(separator: string): string;
  }
  /** Writes into the definition it is given. */
  export default function validate(definition: unknown): Verdict;
}

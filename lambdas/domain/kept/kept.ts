/** Something that a rollback left behind and that costs money until a person removes it, as its kind found it. */
export interface Kept {
  readonly component: string;
  /** A noun and a name: `database instance boardroom`. */
  readonly what: string;
  /** What is paid for, in words: `db.r6g.large, Multi-AZ, 100 GiB gp3`. */
  readonly paidFor: string;
  /** The rollback that left it there. */
  readonly rollbackId: string;
  /** The day from which on nobody needs it, as its tag says: people write that too. */
  readonly expires: string;
  /** What somebody who decides has to know, a sentence each. */
  readonly facts: readonly string[];
  /** The command that keeps it a month longer. */
  readonly keepLonger: string;
  readonly removal: Removal;
}

/** How it goes for good, or why nobody should let it go. */
export type Removal =
  | {
      readonly advice: "remove";
      /** What can no longer be done afterwards, and what stays: sentences. */
      readonly means: string;
      /** In this order. */
      readonly commands: readonly string[];
    }
  /** `commands` say to Stepback what is so, where that can be said. */
  | { readonly advice: "leave"; readonly why: string; readonly commands: readonly string[] };

/** What the scheduler needs of the account around it, and how it is where AWS is not known. */
export interface SchedulerOptions {
  /** Whether a role's trust policy lets the scheduler assume it for schedules of a group. */
  readonly mayAssume: (roleArn: string, groupArn: string) => boolean;
  /**
   * Whether UpdateSchedule takes a StartDate that CreateSchedule would refuse. Unverified, so every answer can be had.
   *
   * @default "never", the one that punishes
   */
  readonly updateTakesPastStart?: "never" | "while-disabled" | "always";
}

/**
 * Why a component did not reach its target: expected bad news, carried as data in a tick. `docs/errors.md` explains
 * each one; a test compares the two. Source of the distinctions: docs/facts/ecs.md §9.
 */
export const FAILURES = {
  CHANGED_SINCE_PLAN: "Somebody changed the component after the plan was made; nothing was touched",
  SUPERSEDED: "A newer deployment replaced this rollback's while it ran; the newer one was left alone",
  RESTORED_BY_ECS: "The target could not start and ECS put the previous version back",
  STUCK: "The deployment failed and ECS could not put anything back; tasks may be missing",
  TOO_SLOW: "The deployment is still going on after the component's deadline",
  WRONG_VERSION: "Something other than the target is running after the deployment finished",
  TARGET_GONE: "The target can no longer be started: its task definition or its image is gone",
  NOT_ACTIVE: "The service is being deleted or is gone",
  REFUSED_BY_AWS: "AWS refused the change",
  NAME_TAKEN: "A name that this rollback needs belongs to something that it did not make",
  PREPARE_FAILED: "AWS could not make the copy; what users have was not touched",
  SETTINGS_DIFFER: "The copy's settings are not those of the original, so nobody was sent to it",
  CHECK_FAILED: "An integrity check or a probe says that the data or the release is not what it should be",
  LOSS_GREW: "More would be lost than the approved receipt says; ask again",
  HALF_WAY:
    "The change stopped in the middle and could not be put back; writers stay stopped, a person must finish it",
  IN_USE: "Another change of the same thing is in progress: a rotation, a deployment, an update",
  TASK_FAILED: "The task ended with an exit code other than 0, or never started",
  END_UNKNOWN: "Nobody can say how it ended, and repeating it is not declared safe",
  NOT_UNDOABLE: "What was done has no declared reverse",
} as const;

export type FailureCode = keyof typeof FAILURES;

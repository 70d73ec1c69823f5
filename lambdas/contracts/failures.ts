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
} as const;

export type FailureCode = keyof typeof FAILURES;

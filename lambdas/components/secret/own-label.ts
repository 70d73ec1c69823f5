const PREFIX = "stepback-";

/** How many proven versions of a secret are kept alive by a label of Stepback's own, of 20 labels that a secret may have. */
export const KEPT_LABELS = 5;

/** The label that keeps a proven version from being deprecated: checkpoint ids differ in their last characters. */
export const ownLabelOf = (checkpointId: string) => `${PREFIX}${checkpointId.slice(-8)}`;

export const isOwnLabel = (label: string) => label.startsWith(PREFIX);

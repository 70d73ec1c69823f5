import type { CompleteIds } from "./install-complete.ts";

/** The identifiers that `environments/complete.yaml` is written with, for things whose real ones AWS makes up. */
export const WRITTEN_IDS = {
  passwordSecretArn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:boardroom/db-password-a1B2c3",
  secretsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/7a2e3d4c-5b6a-4798-8fe1-c2b3d4e5f607",
  databaseKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/6f1d2c3b-4a59-4687-9fe0-b1a2c3d4e5f6",
  configurationKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/0b9c8d7e-6f5a-4b3c-8d2e-1f0a9b8c7d6e",
  distributionId: "E2BOARDROOM910",
  keyValueStoreArn: "arn:aws:cloudfront::111122223333:key-value-store/0e6f5a4b-3c2d-4b1a-8f90-a1b2c3d4e5f6",
  webAclId: "7c9e6679-7425-40de-944b-e07fc1f90ae7",
  appConfigApplication: "brdapp1",
  appConfigEnvironment: "brdenv1",
  appConfigProfile: "brdprf1",
} as const;

/** An environment with the identifiers that this region's services made up in place of the written ones. */
export function withInstalledIds<Settings>(settings: Settings, ids: CompleteIds): Settings {
  const { application, environment, profile } = ids.appConfig;
  const actual: Readonly<Record<keyof typeof WRITTEN_IDS, string | undefined>> = {
    ...ids,
    appConfigApplication: application,
    appConfigEnvironment: environment,
    appConfigProfile: profile,
  };
  const replaced = Object.entries(WRITTEN_IDS).reduce(
    (text, [name, written]) => text.replaceAll(written, actual[name as keyof typeof WRITTEN_IDS] ?? written),
    JSON.stringify(settings),
  );
  // Only text inside strings has changed, so the shape is the same.
  return JSON.parse(replaced) as Settings;
}

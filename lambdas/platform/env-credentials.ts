/**
 * What the bundles have instead of the SDK's chain of credential providers: Lambda always gives credentials in
 * environment variables, and the chain's other ends (SSO, instance metadata, profiles) are 130 KB that never run
 * (docs/facts/toolchain.md §5). `scripts/bundle.ts` puts it in place of `@aws-sdk/credential-provider-node`.
 */
export const defaultProvider = () => async () => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new Error("This function has no credentials in its environment; Lambda always sets them.");
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
  };
};

/** They last as long as the execution environment does. */
export const credentialsWillNeedRefresh = () => false;
export const credentialsTreatedAsExpired = () => false;

/** A function's answer to a viewer's request: another URI to go on with, or the whole response. */
export type FunctionAnswer =
  | { readonly uri: string }
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** What a viewer-request function does; `values` are those of its key value store as this edge location sees them. */
export type FunctionCode = (uri: string, values: ReadonlyMap<string, string>) => FunctionAnswer;

export interface EdgeFunction {
  readonly arn: string;
  /** One store a function at most (docs/facts/frontend-secrets-config.md §A.2). */
  readonly storeArn: string | undefined;
  readonly code: FunctionCode;
}

export interface ReleaseRouterOptions {
  /** The key that names the release. @default "release" */
  readonly key?: string;
  /** @default "/releases/" */
  readonly prefix?: string;
  /** Files that differ from release to release; everything else is served as it is asked for. */
  readonly entryPoints: readonly string[];
  /** A key of the same store that keeps people out. @default none */
  readonly page?: MaintenancePage;
}

/** What a function shows in place of whatever was asked for, while its key has another value than `off`. */
export interface MaintenancePage {
  readonly key: string;
  readonly off: string;
  /** Served all the same: whoever proves that the right release is there must see it (§E, "Keep /health for verifier"). */
  readonly except: readonly string[];
}

/**
 * Serves entry points from `/releases/<release>/`, as the function in docs/facts/frontend-secrets-config.md §A.2 does.
 * The key's value is the release's name, or JSON `{"rel": "…", "maint": true, "msg": "…"}`. It fails open: without a
 * readable value the request goes on unchanged, to the layout's own entry points.
 */
export function releaseRouter({
  key = "release",
  prefix = "/releases/",
  entryPoints,
  page,
}: ReleaseRouterOptions): FunctionCode {
  return (uri, values) => {
    if (page && isShown(page, uri, values)) return unavailable("text/html", "<h1>Back soon</h1>");
    const site = readPointer(values.get(key));
    if (site === undefined) return { uri };
    if (site.maintenance !== undefined) return unavailable("text/plain", site.maintenance);
    const file = entryPointOf(uri, entryPoints);
    return { uri: file === undefined ? uri : `${prefix}${site.release}/${file}` };
  };
}

function isShown(
  { key, off, except }: MaintenancePage,
  uri: string,
  values: ReadonlyMap<string, string>,
): boolean {
  const value = values.get(key);
  return value !== undefined && value !== off && !except.includes(uri);
}

function unavailable(type: string, body: string): FunctionAnswer {
  const headers = { "content-type": type, "retry-after": "120", "cache-control": "no-store" };
  return { status: 503, headers, body };
}

/** Folders and routes of a single-page application are answered with its page. */
function entryPointOf(uri: string, entryPoints: readonly string[]): string | undefined {
  const path = uri.replace(/^\//, "");
  if (entryPoints.includes(path)) return path;
  const last = path.split("/").at(-1) ?? "";
  return last.includes(".") ? undefined : "index.html";
}

function readPointer(
  value: string | undefined,
): { readonly release: string; readonly maintenance: string | undefined } | undefined {
  if (value === undefined || value === "") return undefined;
  if (!value.startsWith("{")) return { release: value, maintenance: undefined };
  try {
    const { rel, maint, msg }: Readonly<Record<string, unknown>> = JSON.parse(value);
    const maintenance = maint ? String(msg ?? "Service Unavailable") : undefined;
    if (typeof rel !== "string" && maintenance === undefined) return undefined;
    return { release: String(rel), maintenance };
  } catch {
    return undefined;
  }
}

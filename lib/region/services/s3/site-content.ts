import { createHash } from "node:crypto";

/** One file of a frontend release, before it is stored anywhere. */
export interface SiteFile {
  /** Relative to where the release is served from, without a leading slash. */
  readonly path: string;
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly cacheControl: string;
  /** Decides which release's page a browser runs; the others are assets. */
  readonly isEntryPoint: boolean;
}

export interface SiteShape {
  /** Files of a release, the entry points included. */
  readonly files: number;
  /**
   * With a content hash in an asset's name a change is a new key; without one it is a new version of the same key, of
   * the same size.
   */
  readonly hashedNames: boolean;
  /** How many of the assets each release changes. */
  readonly changedAssets: number;
}

export const ENTRY_POINTS = [
  "index.html",
  "service-worker.js",
  "manifest.webmanifest",
  "version.json",
  "config.json",
] as const;

/**
 * The files of a release: the same shape and the same history give the same bytes.
 *
 * @param history names of the releases up to this one, oldest first: an asset's bytes are those of the release that
 * last changed it
 */
export function siteFiles(shape: SiteShape, history: readonly string[], commit: string): SiteFile[] {
  const release = history.at(-1);
  if (release === undefined) throw new Error("A site needs a release");
  if (shape.files < ENTRY_POINTS.length + 1) {
    throw new Error(`A site has ${ENTRY_POINTS.length} entry points and at least one asset`);
  }
  const count = shape.files - ENTRY_POINTS.length;
  const assets = Array.from({ length: count }, (_, index) => asset(shape, history, index, count));
  return [...assets, ...entryPoints(release, commit, assets)];
}

function asset(shape: SiteShape, history: readonly string[], index: number, count: number): SiteFile {
  const changed = Math.min(shape.changedAssets, count);
  // Each release changes the next few assets, the first release writes them all; the first asset changes every time.
  const lastChange = history.findLastIndex(
    (_, turn) => turn === 0 || index === 0 || (index - turn * changed + count * turn) % count < changed,
  );
  const name = `chunk-${String(index).padStart(6, "0")}`;
  const seed = `${name}@${history[lastChange] ?? ""}`;
  const hash = createHash("sha256").update(seed).digest("hex");
  const kind = kinds[index % kinds.length] ?? kinds[0];
  const { hashedNames } = shape;
  return {
    path: `assets/${name}${hashedNames ? `-${hash.slice(0, 8)}` : ""}.${kind.extension}`,
    // The size hangs on the place alone, so that a change shows in the bytes and nowhere else.
    body: Buffer.from(hash.repeat(2).slice(0, 64 + (index % 5) * 8)),
    contentType: kind.contentType,
    cacheControl: hashedNames ? "public, max-age=31536000, immutable" : "public, max-age=3600",
    isEntryPoint: false,
  };
}

const kinds = [
  { extension: "js", contentType: "text/javascript" },
  { extension: "css", contentType: "text/css" },
] as const;

function entryPoints(release: string, commit: string, assets: readonly SiteFile[]): SiteFile[] {
  const version = JSON.stringify({ release, commit });
  const bodies = {
    "index.html": page(release, assets.slice(0, 4)),
    "service-worker.js": `self.RELEASE=${JSON.stringify(release)};self.addEventListener("install",()=>self.skipWaiting());`,
    "manifest.webmanifest": JSON.stringify({ name: "Boardroom", start_url: "/", version: release }),
    "version.json": version,
    "config.json": version,
  };
  return ENTRY_POINTS.map((path) => ({
    path,
    body: Buffer.from(bodies[path]),
    contentType: contentTypes[path],
    // docs/facts/frontend-secrets-config.md §A.7, §A.8
    cacheControl: path === "version.json" ? "no-store" : "no-cache",
    isEntryPoint: true,
  }));
}

const contentTypes = {
  "index.html": "text/html",
  "service-worker.js": "text/javascript",
  "manifest.webmanifest": "application/manifest+json",
  "version.json": "application/json",
  "config.json": "application/json",
} as const;

/** The integrity attributes make a browser refuse an asset of another release (https://www.w3.org/TR/SRI/). */
function page(release: string, assets: readonly SiteFile[]): string {
  const references = assets.map(({ path, body, contentType }) => {
    const integrity = `sha256-${createHash("sha256").update(body).digest("base64")}`;
    return contentType === "text/css"
      ? `<link rel="stylesheet" href="/${path}" integrity="${integrity}">`
      : `<script type="module" src="/${path}" integrity="${integrity}"></script>`;
  });
  const head = `<meta charset="utf-8"><meta name="release" content="${release}"><title>Boardroom</title>`;
  return `<!doctype html><html><head>${head}${references.join("")}</head><body></body></html>\n`;
}

import { createServer } from "node:http";
import { readRequest, writeReply } from "../../lib/region/server/http-adapter.ts";
import { makeFrontend } from "../unit/cloudfront/make-frontend.ts";

/** A site where r2 wrote over every asset of r1 with others of the same sizes, served over HTTP. */
export async function serveSite(objects: number) {
  const site = makeFrontend({ site: { files: objects, changedAssets: objects } });
  site.buckets.create("reports");
  const hooks: { onCopy?: (copies: number) => void } = {};
  let copies = 0;
  const server = createServer(async (incoming, response) => {
    const request = await readRequest(incoming);
    const reply = await site.endpoint.handle(request);
    if ("x-amz-copy-source" in request.headers) hooks.onCopy?.(++copies);
    writeReply(response, reply, request.method === "HEAD");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("The server has no port");
  return {
    ...site,
    port: address.port,
    hooks,
    close: () => void server.close(),
    /** How many calls a bucket got since the count began, by operation. */
    countCalls() {
      const begun = site.endpoint.calls.length;
      return (bucket: string): ReadonlyMap<string, number> => {
        const counts = new Map<string, number>();
        for (const { operation, input } of site.endpoint.calls.slice(begun)) {
          if (input["Bucket"] === bucket) counts.set(operation, (counts.get(operation) ?? 0) + 1);
        }
        return counts;
      };
    },
    /** Objects of a release that are not what they should be, and those with more versions than so many. */
    judge(release: string, versions: number) {
      const objects = site.site.manifests.get(release) ?? [];
      const { bucket } = site.site;
      return {
        objects: objects.length,
        wrong: objects.filter(({ key, etag }) => bucket.current(key)?.etag !== etag).length,
        writtenTwice: objects.filter(({ key }) => bucket.versionsOf(key).length > versions).length,
      };
    },
  };
}

export type ServedSite = Awaited<ReturnType<typeof serveSite>>;

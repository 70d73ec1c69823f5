import { describe, expect, it } from "vitest";
import { httpProbe, type Network } from "../../../lambdas/platform/http-probe.ts";

const QUESTION = { host: "www.example.com", path: "/version.json", field: "release" };

function makeNetwork(
  answer: () => Response | Promise<Response>,
  addresses = ["203.0.113.7", "2001:4860::8888"],
) {
  const asked: { readonly url: string; readonly redirect: string | undefined }[] = [];
  const network: Network = {
    addressesOf: async () => addresses,
    fetch: async (input, init) => {
      asked.push({ url: String(input), redirect: init?.redirect });
      return answer();
    },
  };
  return { asked, probe: httpProbe(network) };
}

describe("the probe", () => {
  it("says what the document's member says, over https and without following redirects", async () => {
    const { asked, probe } = makeNetwork(() => Response.json({ release: "r1" }));

    expect(await probe(QUESTION)).toEqual({ answer: "says", value: "r1" });
    expect(asked).toEqual([{ url: "https://www.example.com/version.json", redirect: "manual" }]);
  });

  it.each([
    ["10.1.2.3"],
    ["127.0.0.1"],
    ["169.254.169.254"],
    ["192.168.1.1"],
    ["172.31.0.1"],
    ["100.64.0.1"],
    ["::1"],
    ["fd00::1"],
    ["fe80::1"],
    ["::ffff:10.0.0.1"],
    ["not an address"],
  ])("never asks a host that leads to %s", async (address) => {
    const { asked, probe } = makeNetwork(() => Response.json({ release: "r1" }), ["203.0.113.7", address]);

    expect(await probe(QUESTION)).toMatchObject({
      answer: "forbidden",
      why: expect.stringContaining(address),
    });
    expect(asked).toEqual([]);
  });

  it("says what a header says, whatever the document is", async () => {
    const headers = { "x-version": "r1" };
    const { probe } = makeNetwork(() => new Response("<html>", { headers }));

    expect(await probe({ ...QUESTION, header: "x-version" })).toEqual({ answer: "says", value: "r1" });
    expect(await probe({ ...QUESTION, header: "x-release" })).toEqual({
      answer: "nothing",
      why: "https://www.example.com/version.json has no header x-release",
    });
  });

  it.each([
    ["another status", () => new Response("", { status: 503 }), /answers 503/],
    [
      "a redirect",
      () => new Response("", { status: 302, headers: { location: "https://10.0.0.1/" } }),
      /answers 302/,
    ],
    ["a page", () => new Response("<html>"), /not answer with JSON/],
    ["a number", () => Response.json({ release: 7 }), /no text in "release"/],
    ["nothing but null", () => Response.json(null), /no text in "release"/],
    ["too much", () => new Response(`"${"x".repeat(70_000)}"`), /more than a small document/],
    [
      "a broken connection",
      () => Promise.reject(new TypeError("fetch failed", { cause: new Error("reset") })),
      /reset/,
    ],
  ])("takes %s for no answer", async (_, answer, why) => {
    const { probe } = makeNetwork(answer);

    expect(await probe(QUESTION)).toEqual({ answer: "nothing", why: expect.stringMatching(why) });
  });
});

import { beforeEach, describe, expect, it, vi } from "vitest";

let lines: Record<string, unknown>[];
let logReport: (body: unknown) => void;

beforeEach(async () => {
  lines = [];
  vi.spyOn(console, "warn").mockImplementation((line) => void lines.push(JSON.parse(line)));
  // Anew, with all of its turns.
  vi.resetModules();
  ({ logReport } = await import("../../lib/csp/reports.ts"));
});

const single = (directive: unknown, blocked: unknown, more = {}) => ({
  "csp-report": { "effective-directive": directive, "blocked-uri": blocked, ...more },
});
const said = () => lines.map(({ directive, blocked }) => [directive, blocked]);

describe("a report of what a page's policy refused", () => {
  it.each([
    ["https://evil.test/a-path?q=secret#h", "https://evil.test"],
    ["https://name:password@evil.test:8443/", "https://evil.test:8443"],
    ["http://[::1]:3000/x", "http://[::1]:3000"],
    ["https://bücher.test/", "https://xn--bcher-kva.test"],
    ["chrome-extension://abcdef/x.js", "chrome-extension:"],
    ["data:text/html,secret", "data:"],
    ["blob:https://evil.test/1f0a", "https://evil.test"],
    ["inline", "inline"],
    ["eval", "eval"],
    ["data", "data"],
  ])("of %s is one line with %s", (blocked, expected) => {
    logReport(single("script-src-elem", blocked));
    expect(said()).toEqual([["script-src-elem", expected]]);
    expect(Object.keys(lines[0] ?? {})).toEqual(["time", "level", "code", "directive", "blocked"]);
    expect(lines[0]).toMatchObject({ level: "warning", code: "csp_violation" });
  });

  it("takes the directive's name out of the older form", () => {
    logReport(single(undefined, "inline", { "violated-directive": "script-src 'self' 'nonce-0'" }));
    expect(said()).toEqual([["script-src", "inline"]]);
  });

  it.each<[string, unknown]>([
    ["null", null],
    ["a text", "csp-report"],
    ["an empty object", {}],
    ["an empty list", []],
    ["a list of reports", [single("script-src", "inline")]],
    ["a report without a body", { "csp-report": null }],
    ["no directive", single(undefined, "inline")],
    ["a directive that is none", single('x","level":"error', "inline")],
    ["a directive with a line break", single("script-src\nnext line", "inline")],
    ["a directive that is no text", single(["script-src"], "inline")],
    ["no address", single("script-src", undefined)],
    ["a word of somebody's own", single("script-src", "sk-ant-not-a-real-key")],
    ["line breaks", single("script-src", "\n{}\n")],
    ["a scheme of 300 letters", single("script-src", `${"x".repeat(300)}:y`)],
    ["a host of 300 letters", single("script-src", `https://${"x".repeat(300)}.test`)],
    ["an object in place of an address", single("script-src", { toString: "x" })],
  ])("is not logged where it is %s", (_, body) => {
    logReport(body);
    expect(lines).toEqual([]);
  });

  it("says nothing of what else it holds", () => {
    const more = {
      "document-uri": "https://own.test/team?id=secret",
      "script-sample": "secret",
      referrer: "secret",
    };
    logReport(single("img-src", "https://evil.test/secret", more));
    expect(JSON.stringify(lines)).not.toContain("secret");
  });

  it("is logged 20 times a minute, however many come", () => {
    for (let index = 0; index < 100; index++) logReport(single("img-src", "inline"));
    expect(lines).toHaveLength(20);
  });
});

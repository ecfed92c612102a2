import { expect, test } from "../fixtures";
import { PROMPT, tryProvider, tryRun } from "./provider";

// Whatever form an answer's text comes in, all of it arrives, in its order, and nothing else.

const SAME = [
  "block-text",
  "message-text",
  "block-space",
  "text-null",
  "text-odd",
  "delta-typeless",
  "thinks-first",
  "tool-json",
  "unknown-events",
  "data-only",
  "no-space",
  "crlf",
  "comments",
  "done-marker",
  "bom",
  "bytewise",
  "starts-late",
  "after-stop",
  "streamless",
  "unknown-events-data-only-crlf-comments-bytewise",
];

test("the text is the same, however it comes", async () => {
  const usual = await tryRun("usual");
  expect(usual.text).toContain(PROMPT.slice(0, 80));
  const seen = await Promise.all(
    SAME.map(async (word) => {
      const { run, analysis } = await tryProvider(word);
      const { title, findings } = analysis.done?.result ?? {};
      // JSON may begin with white space.
      return [
        word,
        word === "block-space" ? run.text.slice(1) : run.text,
        run.row.status,
        title,
        findings?.length,
      ];
    }),
  );
  expect(seen).toEqual(SAME.map((word) => [word, usual.text, "completed", "Simulated analysis", 3]));
});

test("text in a block's first event comes before that of its deltas", async () => {
  const [usual, both] = await Promise.all(["usual", "block-and-deltas"].map(tryRun));
  expect(both?.text).toBe(`This came first. ${usual?.text}`);
});

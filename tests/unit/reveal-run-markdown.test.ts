import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileName, fileOf, markdownOf } from "@/components/reveal/runs/markdown";
import { newRun } from "./reveal-run.ts";

describe("Markdown of a run", () => {
  it("is an answer as the model wrote it", () => {
    const answer = "# Hi\n\n<b>*x*</b> `y`";
    expect(markdownOf(newRun({ answer }))).toBe(answer);
  });

  it("shows an analysis as the text that it is", () => {
    const result = {
      title: "# A\ntitle",
      summary: "1. <b>\n- *x* and snake_case",
      findings: [{ title: "One", explanation: "> no", quote: "Line one\nLine `two`" }],
      open_questions: ["Who?\n# What?"],
    };
    expect(markdownOf(newRun({ kind: "analyze", answer: "", analysis: { result, dropped: 0 } }))).toBe(
      [
        "# \\# A title",
        "1\\. \\<b\\>\n\\- \\*x\\* and snake_case",
        "## Findings",
        "### 1. One",
        "\\> no",
        "> Line one\n> Line \\`two\\`",
        "## Open questions",
        "- Who? # What?",
      ].join("\n\n"),
    );
  });

  it("has its receipt at the end of the file, outside of code that broke off", () => {
    const run = newRun({ at: Date.UTC(2026, 10, 30, 4, 5), team: "A *team*", state: "stopped" });
    const receipt =
      "\n\n---\n\nRun of 2026-11-30 04:05 UTC, in the team A \\*team\\*. " +
      "Stopped. The part that was written is billed to your key.\n";
    expect(fileOf(run).text).toBe(`Because.${receipt}`);
    expect(fileOf({ ...run, answer: "````js\n```\nx" }).text).toBe(
      `\`\`\`\`js\n\`\`\`\nx\n\`\`\`\`${receipt}`,
    );
    expect(fileOf({ ...run, answer: "~~~\nx\n~~~" }).text).toBe(`~~~\nx\n~~~${receipt}`);
  });

  it.each([
    ["What is a bridge? Tell me.", "2026-11-30-what-is-a-bridge-tell-me.md"],
    ["../../etc/passwd", "2026-11-30-etc-passwd.md"],
    ["CON", "2026-11-30-con.md"],
    ["???", "2026-11-30-run.md"],
    ["\u202Egpj.exe", "2026-11-30-gpj-exe.md"],
    ["橋とは何ですか", "2026-11-30-橋とは何ですか.md"],
    [`${"a".repeat(39)} b`, `2026-11-30-${"a".repeat(39)}.md`],
  ])("is named by the prompt and the day: %j", (text, name) => {
    expect(fileName({ at: Date.UTC(2026, 10, 30), text, kind: "run" })).toBe(name);
  });

  it("has a name that is safe, whatever the prompt", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const name = fileName({ at: 0, text, kind: "analyze" });
        expect(name).toMatch(/^1970-01-01-[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?\.md$/u);
        expect(new TextEncoder().encode(name).length).toBeLessThan(255);
      }),
    );
  });
});

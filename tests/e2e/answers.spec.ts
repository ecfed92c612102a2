import type { Locator, Page } from "@playwright/test";
import { eventsOf, frame, isEvent } from "../support/anthropic-standin/events";
import type { Script } from "../support/anthropic-standin/script";
import { APP_URL } from "../support/ports";
import { clipboardText, expect, expectAccessible, newKey, RevealPanel, store, test } from "./fixtures";

// How an answer looks, and that it does nothing but be looked at.

const KEY = "ANTHROPIC_API_KEY";

/** Lets the provider answer with this text. */
async function answered(page: Page, text: string): Promise<Locator> {
  await store(page, KEY, newKey("scripted"));
  const reply = { text, model: "claude-simulated", inputTokens: 1, stopReason: "end_turn" as const };
  const chunks = eventsOf(reply, 20).map((piece) => (isEvent(piece) ? frame(piece) : ""));
  const reveal = new RevealPanel(page);
  await reveal.run(JSON.stringify({ chunks } satisfies Script));
  await expect(reveal.panel).toContainText("Paid with your key");
  return answerIn(page);
}

const answerIn = (page: Page) => page.getByRole("group", { name: "The answer" });

/** Lets the test write the answer: what `write` is given arrives, and `end` is the end of it. */
async function written(page: Page) {
  await page.evaluate(() => {
    const real = window.fetch;
    const line = (event: object) => new TextEncoder().encode(`${JSON.stringify(event)}\n`);
    window.fetch = async (input, init) => {
      if (!String(input).includes("/api/reveal/run")) return real(input, init);
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(line({ type: "start", source: "user", model: "claude-simulated" }));
          Object.assign(window, {
            writeText: (text: string) => controller.enqueue(line({ type: "text", text })),
            endText: () => {
              const usage = { input_tokens: 1, output_tokens: 1 };
              const rest = { cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
              const receipt = {
                status: "completed",
                stop_reason: "end_turn",
                source: "user",
                cost_usd: null,
              };
              const counted = { model: "claude-simulated", is_counted: true, cost_exact: false };
              controller.enqueue(
                line({ type: "done", ...receipt, ...counted, usage: { ...usage, ...rest } }),
              );
              controller.close();
            },
          });
        },
      });
      return new Response(body, { headers: { "Content-Type": "application/x-ndjson" } });
    };
  });
  await new RevealPanel(page).run();
  type Written = Window & { writeText(text: string): void; endText(): void };
  const isThere = () => page.evaluate(() => "writeText" in window);
  await expect.poll(isThere).toBe(true);
  return {
    write: (text: string) => page.evaluate((text) => (window as unknown as Written).writeText(text), text),
    end: () => page.evaluate(() => (window as unknown as Written).endText()),
  };
}

const isAtEnd = (box: Locator) =>
  box.evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight < 9);

const PARAGRAPHS = Array.from({ length: 30 }, (_, index) => `Paragraph ${index} of them.`).join("\n\n");

test("nothing in an answer runs, is loaded or leads into the app, and the page stays usable", async ({
  page,
  vault,
}) => {
  const asked: string[] = [];
  const dialogs: string[] = [];
  const complaints: string[] = [];
  const answer = await answered(page, "Hello");
  page.on("request", (request) => asked.push(`${request.resourceType()} ${request.url()}`));
  page.on("dialog", (dialog) => void dialogs.push(dialog.message()));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await answered(
    page,
    `# <script>alert(1)</script>

<script src="https://evil.example/x.js"></script>
<img src=x onerror="alert(2)"> text <img src="https://evil.example/inline.png" onload=alert(3)>

![picture](https://evil.example/picture.png) ![own](/api/auth/sign-out) ![data](data:image/svg+xml,<svg/onload=alert(4)>)
[script](javascript:alert(5)) [data](data:text/html,<script>alert(6)</script>) [out](/api/auth/sign-out) [vault](#vault) [evil](//evil.example)
[![nested](https://evil.example/nested.png)](javascript:alert(7))

<form action="/api/auth/sign-out" method=post id=vault name=cookie><input autofocus name=getElementById><button>Go</button></form>
<iframe src="/dashboard" srcdoc="<script>alert(8)</script>"></iframe><svg onload=alert(9)></svg><style>*{display:none}</style>
<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=https://evil.example">

[example.com](https://evil.example/login)[^reveal]

[^reveal]: <a id="reveal-title" href="javascript:alert(10)">note</a>

-
[x]
<img src="https://evil.example/task.png" onerror=alert(11)>

${"> ".repeat(500)}deep

${"- ".repeat(500)}deep

${"[".repeat(1_500)}x

${"*a_ ".repeat(700)}
`,
  );
  await expect(answer.getByRole("link")).toHaveCount(2);
  await expect(answer.getByRole("link").first()).toHaveText("picture (evil.example)");
  const link = answer.getByRole("link").last();
  await expect(link).toHaveText("example.com (evil.example)");
  await expect(link).toHaveAttribute("rel", "noopener noreferrer nofollow");
  await expect(link).toHaveAttribute("target", "_blank");
  await expect(
    answer.locator("script, img, iframe, form, input, svg:not(.lucide), style, base, meta"),
  ).toHaveCount(0);
  await expect(answer.locator("[id], [name], [style], [onerror], [onload]")).toHaveCount(0);
  await expect(answer).toContainText('<form action="/api/auth/sign-out"');
  const laidOut = '<img src="https://evil.example/task.png" onerror=alert(11)>';
  await expect(answer.locator("p").filter({ hasText: "task.png" })).toHaveText(laidOut);
  // What the panel itself asks for: no picture, no page, no other host, and no report of what the policy refused.
  expect(asked.filter((request) => !request.startsWith(`fetch ${APP_URL}/`))).toEqual([]);
  expect(asked.filter((request) => /\/api\/(?:auth|csp-reports)/.test(request))).toEqual([]);
  expect([...dialogs, ...complaints]).toEqual([]);
  expect(page.url()).toBe(`${APP_URL}/dashboard`);
  await expect(page.locator("#vault, #reveal, #reveal-title")).toHaveCount(3);
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  await vault.openAdd();
});

test("a megabyte in one line is shown, stays in its box and stops nothing", async ({ page, vault }) => {
  const { write, end } = await written(page);
  const answer = answerIn(page);
  await write("**Beginning**\n\n");
  for (let piece = 0; piece < 10; piece++) await write("a".repeat(100_000));
  await write(`\n\n${"> ".repeat(50_000)}\n\n|a|b|\n|-|-|\n${"|c\n".repeat(50_000)}`);
  await end();
  await expect(new RevealPanel(page).panel).toContainText("Paid with your key");
  await expect(answer.getByText("Beginning", { exact: true })).toHaveCSS("font-weight", "600");
  await expect
    .poll(() => answer.evaluate((box) => (box.textContent ?? "").length))
    .toBeGreaterThan(1_250_000);
  const { width, height, room } = await answer.evaluate((box) => ({
    width: box.scrollWidth - box.clientWidth,
    height: box.clientHeight,
    room: window.innerHeight,
  }));
  expect(width).toBe(0);
  expect(height).toBeLessThanOrEqual(0.6 * room + 1);
  await vault.openAdd();
});

test("an answer is laid out below the panel's heading, and is accessible in both themes", async ({
  page,
  vault,
}) => {
  await vault.add(KEY, newKey());
  await new RevealPanel(page).run("Show me a table and code");
  const answer = answerIn(page);
  await expect(answer.getByRole("heading", { level: 3, name: "A table" })).toBeVisible();
  await expect(answer.getByRole("columnheader", { name: "Files" })).toHaveCSS("text-align", "right");
  await expect(answer.getByRole("group", { name: "Code" })).toContainText("export function costOf");
  await expect(answer).toContainText("This is a simulation");
  await expect(new RevealPanel(page).panel).toContainText("Paid with your key");
  await expectAccessible(page);
});

test("code is copied as it is, a table as a table, and where copying is refused the code is selected", async ({
  page,
  context,
  account: _,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const code = "if (a < b) {\n\treturn  `<b>`;\n}\n\n# not a heading";
  const answer = await answered(page, `| a | b |\n|---|---|\n| 1 | 2 |\n\n\`\`\`ts\n${code}\n\`\`\`\n`);
  const copy = answer.getByRole("button", { name: "Copy the code" });
  await copy.click();
  await expect(page.getByText("Code copied")).toBeVisible();
  await expect(answer.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await clipboardText(page)).toBe(code);
  await answer.getByRole("table").evaluate((table) => getSelection()?.selectAllChildren(table));
  await page.keyboard.press("ControlOrMeta+C");
  await page.locator("#pasted").fill("");
  await page.locator("#pasted").press("ControlOrMeta+V");
  expect((await page.locator("#pasted").inputValue()).trim()).toMatch(/^a\s+b\s+1\s+2$/);

  await page.evaluate(() => {
    Object.defineProperty(Navigator.prototype, "clipboard", { value: undefined });
  });
  await copy.click();
  await expect(page.getByText("The code is selected: copy it manually.")).toBeVisible();
  expect(await page.evaluate(() => getSelection()?.toString().trim())).toBe(code);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 320, height: 640 } });

  test("what is wide scrolls by itself, with the keyboard, and the page does not", async ({
    page,
    account: _,
  }) => {
    const wide = "wide".repeat(40);
    await page.goto("/dashboard#reveal");
    const answer = await answered(
      page,
      `| ${wide} | b | c |\n|---|---|---|\n| 1 | 2 | 3 |\n\n\`\`\`\n${wide}\n\`\`\`\n\n\`${wide}\` https://example.com/${wide}\n\n| a |\n|---|\n| 1 |\n`,
    );
    for (const name of ["Table", "Code"]) {
      const group = answer.getByRole("group", { name }).first();
      await expect(group).toHaveAttribute("tabindex", "0");
      await group.focus();
      await page.keyboard.press("ArrowRight");
      await expect.poll(() => group.evaluate((box) => box.scrollLeft)).toBeGreaterThan(0);
    }
    await expect(answer.getByRole("group", { name: "Table" }).last()).not.toHaveAttribute("tabindex");
    expect(await answer.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    await expectAccessible(page);
  });
});

test("the end is followed until somebody scrolls up, and again from the end on", async ({
  page,
  account: _,
}) => {
  const { write, end } = await written(page);
  const answer = answerIn(page);
  const jump = page.getByRole("button", { name: "Jump to the end" });
  await write("Short.\n\n");
  await expect(answer).toContainText("Short.");
  await expect(answer).not.toHaveAttribute("tabindex", "0");
  await page.evaluate(() => window.scrollTo(0, 0));
  await write(`${PARAGRAPHS}\n\n`);
  await expect(answer.locator("p")).toHaveCount(31);
  await expect.poll(() => isAtEnd(answer)).toBe(true);
  await expect(answer).toHaveAttribute("tabindex", "0");
  expect(await page.evaluate(() => window.scrollY)).toBe(0);

  await answer.focus();
  await page.keyboard.press("Home");
  await expect.poll(() => answer.evaluate((box) => box.scrollTop)).toBe(0);
  await write(`${PARAGRAPHS}\n\n`);
  await expect(jump).toBeVisible();
  expect(await answer.evaluate((box) => box.scrollTop)).toBe(0);
  await jump.click();
  await expect(jump).toBeHidden();
  await expect(answer).toBeFocused();
  await write(`${PARAGRAPHS}\n\n`);
  await expect(answer.locator("p")).toHaveCount(91);
  await expect.poll(() => isAtEnd(answer)).toBe(true);

  // A selection is left where it is.
  await answer
    .locator("p")
    .last()
    .evaluate((paragraph) => getSelection()?.selectAllChildren(paragraph));
  const top = await answer.evaluate((box) => box.scrollTop);
  await write(`${PARAGRAPHS}\n\n`);
  await expect(jump).toBeVisible();
  expect(await answer.evaluate((box) => box.scrollTop)).toBe(top);
  expect(await page.evaluate(() => getSelection()?.toString())).toBe("Paragraph 29 of them.");
  await end();
  await expect(jump).toBeHidden();
  await expect(page.getByRole("region", { name: "Answer" })).toHaveAttribute("aria-busy", "false");
});

test("an answer can be read where what lays it out does not load", async ({ page, account: _ }) => {
  const isKept = () => page.evaluate(() => JSON.stringify({ ...sessionStorage }).includes("Is it there?"));
  // A draft is kept once what runs a prompt is loaded.
  await new RevealPanel(page).prompt.fill("Is it there?");
  await expect.poll(isKept).toBe(true);
  await page.route(/_next\/static\/chunks\//, (route) => route.abort());
  const answer = await answered(page, "# Title\n\n- **one**\n- two");
  await expect(answer).toContainText("# Title");
  await expect(answer).toContainText("- **one**");
  await expect(answer.getByRole("heading")).toHaveCount(0);
});

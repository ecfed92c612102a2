import type { Locator } from "@playwright/test";
import {
  discard,
  expect,
  expectAccessible,
  newSession,
  newTeam,
  newValue,
  paste,
  test,
  VaultPanel,
} from "./fixtures";
import { dropFiles } from "./transfer";

/** Opens the import with a text, up to its preview. */
async function preview(vault: VaultPanel, text: string): Promise<Locator> {
  const dialog = await vault.openImport();
  await dialog.getByLabel("File contents").fill(text);
  await dialog.getByRole("button", { name: "Preview" }).click();
  return dialog;
}

const storeButton = (dialog: Locator) => dialog.getByRole("button", { name: /^Store \d+ secrets?$/ });

const file = (openai: string) =>
  [
    "# Evaluation runs",
    `OPENAI_API_KEY="${openai}"`,
    "",
    "export RESEND_API_KEY=re_test_not_real # weekly report",
    "my.own-key='with spaces inside'",
    "EMPTY=",
    "# OLD_KEY=not-imported",
  ].join("\r\n");

test("a .env file is previewed, and stored as it was shown, with guessed categories", async ({
  page,
  vault,
}) => {
  const add = await vault.openAdd();
  await paste(add.getByLabel("Value", { exact: true }), file("sk-test-not-real-1"));
  const dialog = page.getByRole("dialog", { name: "Import a .env file" });
  await expect(dialog.getByRole("row")).toHaveCount(5);
  await expect(dialog.getByRole("row", { name: /MY_OWN_KEY/ })).toContainText("from my.own-key");
  await expect(dialog.getByRole("row", { name: /EMPTY/ })).toContainText("Can't be stored");
  await expect(dialog).not.toContainText("sk-test-not-real-1");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Show the value of OPENAI_API_KEY" }).click();
  await expect(dialog.locator("pre")).toHaveText("sk-test-not-real-1");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Store 3 secrets" }).click();
  await expect(dialog).toBeHidden();
  await vault.show("MY_OWN_KEY");
  await expect(vault.value("MY_OWN_KEY")).toHaveText("with spaces inside");
  await expect(page.getByRole("button", { name: /^LLM/ })).toContainText("1");
});

test.describe("comments", { tag: "@any-browser" }, () => {
  const SECRETS =
    "# old password: Tr0ub4dor&3\nA_KEY=1\nB_KEY=abc # was hunter2-Prod\n# DB_PASS: s3cret-Pw\nC_KEY=3\n";

  test("become descriptions only where that is ticked", async ({ page, vault }) => {
    const dialog = await preview(vault, file("sk-test-not-real-1"));
    const comment = dialog.getByLabel("Description of OPENAI_API_KEY: Evaluation runs");
    await expect(comment).not.toBeChecked();
    await comment.check();
    await dialog.getByRole("button", { name: "Store 3 secrets" }).click();
    await expect(vault.row("OPENAI_API_KEY")).toContainText("Evaluation runs");
    await expect(vault.row("RESEND_API_KEY")).not.toContainText("weekly report");
    await expect(page.locator("body")).not.toContainText("weekly report");
  });

  test("can be taken over all at once, after a word about who reads them", async ({ page }) => {
    await newSession(page);
    const teamId = await newTeam("Comments", page);
    await page.goto(`/dashboard?team=${teamId}`);
    const team = new VaultPanel(page);
    const dialog = await preview(team, file("sk-test-not-real-1"));
    await expect(dialog).toContainText("every member of the team reads them");
    await expectAccessible(page);
    await dialog.getByLabel("Use all comments as descriptions.").check();
    await expect(dialog.getByLabel("Description of RESEND_API_KEY: weekly report")).toBeChecked();
    await dialog.getByRole("button", { name: "Store 3 secrets" }).click();
    await expect(team.row("OPENAI_API_KEY")).toContainText("Evaluation runs");
    await expect(team.row("RESEND_API_KEY")).toContainText("weekly report");
  });

  test("that could hold a secret are not even offered", async ({ page, vault }) => {
    const dialog = await preview(vault, SECRETS);
    await expect(dialog.getByRole("row")).toHaveCount(4);
    await expect(dialog.getByRole("table").getByRole("checkbox")).toHaveCount(3);
    await expect(dialog).not.toContainText(/Tr0ub4dor|hunter2|s3cret/);
    await dialog.getByRole("button", { name: "Store 3 secrets" }).click();
    await expect(dialog).toBeHidden();
    const { secrets } = await (await page.request.get("/api/vault")).json();
    expect(secrets.map(({ description }: { description: string }) => description)).toEqual(["", "", ""]);
  });
});

test("rows that are surely broken are off at first, and say why", { tag: "@any-browser" }, async ({
  page,
  vault,
}) => {
  const dialog = await preview(
    vault,
    [
      `REPL_URL=postgres://$\{DB_USER}:$\{DB_PASS}@db/app`,
      "HASH=\\$2b\\$10\\$abc",
      'FIREBASE_CONF={\n "type": "x"\n}',
      "CUT={",
      "OP=op://Private/db/password",
      "MASK=[SENSITIVE]",
      "GOOD=abc",
    ].join("\n"),
  );
  const row = (key: string) => dialog.getByRole("row", { name: new RegExp(key) });
  for (const key of ["REPL_URL", "CUT", "OP"]) {
    await expect(row(key).getByRole("checkbox")).not.toBeChecked();
    await expect(row(key)).toContainText("Skipped");
  }
  await expect(row("MASK").getByRole("checkbox")).toBeDisabled();
  await expect(row("REPL_URL")).toContainText("It's stored as written.");
  await expect(row("HASH")).toContainText('Next reads "\\$" as "$", and it is stored that way.');
  await expect(row("FIREBASE_CONF")).toContainText("All 3 lines are stored.");
  await expect(row("OP")).toContainText("This looks like a reference");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Show the value of HASH" }).click();
  await expect(dialog.locator("pre")).toHaveText("$2b$10$abc");
  await row("REPL_URL").getByRole("checkbox").check();
  await dialog.getByRole("button", { name: "Store 4 secrets" }).click();
  await expect(dialog).toBeHidden();
  for (const [key, value] of [
    ["REPL_URL", `postgres://$\{DB_USER}:$\{DB_PASS}@db/app`],
    ["HASH", "$2b$10$abc"],
    ["FIREBASE_CONF", '{\n "type": "x"\n}'],
    ["GOOD", "abc"],
  ]) {
    const reply = await page.request.get(`/api/vault?key=${key}&reveal=true`);
    expect((await reply.json()).value).toBe(value);
  }
});

test("says how many had their value already", { tag: "@any-browser" }, async ({ page, vault }) => {
  const [same, other] = [newValue(), newValue()];
  await vault.add("SAME_KEY", same);
  await vault.add("OTHER_KEY", other);
  const dialog = await preview(vault, `SAME_KEY=${same}\nOTHER_KEY=${other}-2\nNEW_KEY=${newValue()}`);
  for (const key of ["SAME_KEY", "OTHER_KEY"]) {
    await dialog.getByRole("checkbox", { name: `Replace ${key}` }).check();
  }
  await storeButton(dialog).click();
  await expect(page.getByText("3 secrets imported")).toBeVisible();
  await expect(page.getByText("1 already had the same value and wasn't rotated.")).toBeVisible();
});

test("what is previewed is what is stored, for values of every kind", async ({ page, vault }) => {
  const values: Record<string, string> = {
    PADDED: "  two spaces around  ",
    OPENSSH: "-----BEGIN OPENSSH PRIVATE KEY-----\nbm90IGEga2V5\n-----END OPENSSH PRIVATE KEY-----\n",
    UMLAUT: "grün-Käse7",
    DECOMPOSED: "gru\u0308n",
    ZERO: "abcd\u200bef12",
    NO_BREAK: "ab\u00a0cd\u2011ef",
    EMOJI: "😀👩‍👩‍👧",
    TABS: "\ta\tb\t",
  };
  const dialog = await preview(
    vault,
    Object.entries(values)
      .map(([key, value]) => `${key}="${value}"`)
      .join("\n"),
  );
  for (const [key, value] of Object.entries(values)) {
    await dialog.getByRole("button", { name: `Show the value of ${key}` }).click();
    expect(await dialog.locator("pre").textContent()).toBe(value);
    await dialog.getByRole("button", { name: `Hide the value of ${key}` }).click();
  }
  await storeButton(dialog).click();
  await expect(dialog).toBeHidden();
  for (const [key, value] of Object.entries(values)) {
    const reply = await page.request.get(`/api/vault?key=${key}&reveal=true`);
    expect((await reply.json()).value, key).toBe(value);
  }
});

test("a file in another encoding is read, or refused with how to save it", async ({ page, vault }) => {
  const dialog = await vault.openImport();
  const latin = [...Buffer.from("DB_PASS_LATIN=grün-Käse7", "latin1")];
  await dropFiles(dialog, { name: ".env", content: latin });
  await expect(dialog.getByRole("alert")).toContainText('The file isn\'t UTF-8 text. Save it as "UTF-8"');
  await expectAccessible(page);
  const utf16 = [0xff, 0xfe, ...Buffer.from("DB_PASS_LATIN=grün-Käse7", "utf16le")];
  await dropFiles(dialog, { name: ".env", content: utf16 });
  await dialog.getByRole("button", { name: "Show the value of DB_PASS_LATIN" }).click();
  await expect(dialog.locator("pre")).toHaveText("grün-Käse7");
});

test("JSON as Doppler writes it is imported", async ({ page, vault }) => {
  const secrets = { DOPPLER_CONFIG: "dev", GROQ_API_KEY: "gsk_test", MULTI: "a\nb\n", COUNT: 3 };
  const dialog = await vault.openImport();
  await dropFiles(dialog, { name: "doppler.json", content: JSON.stringify(secrets, null, 2) });
  await expect(dialog.getByRole("row")).toHaveCount(5);
  await expect(dialog.getByRole("row", { name: /COUNT/ })).toContainText("The value isn't text.");
  await storeButton(dialog).click();
  await expect(dialog).toBeHidden();
  const reply = await page.request.get("/api/vault?key=MULTI&reveal=true");
  expect((await reply.json()).value).toBe("a\nb\n");
});

test.describe("a limit that is in the way is said", { tag: "@any-browser" }, () => {
  const lines = (from: number, count: number, value = "1") =>
    Array.from({ length: count }, (_, index) => `KEY_${from + index}=${value}`).join("\n");

  test("before an import that the vault has no room for", async ({ page, vault }) => {
    const secrets = Array.from({ length: 190 }, (_, index) => ({
      key: `OLD_${index}`,
      value: "1",
      if_updated_at: null,
    }));
    expect((await page.request.post("/api/vault/import", { data: { secrets } })).ok()).toBe(true);
    await page.reload();
    const dialog = await preview(vault, `OLD_1=2\n${lines(1, 12)}`);
    await storeButton(dialog).click();
    await expect(dialog.getByRole("alert")).toContainText(
      "A vault holds 200 secrets, and with these it would hold 202. Skip at least 2.",
    );
    await dialog.getByLabel("Store KEY_1", { exact: true }).uncheck();
    await dialog.getByLabel("Store KEY_2", { exact: true }).uncheck();
    await storeButton(dialog).click();
    await expect(dialog).toBeHidden();
  });

  test("where the file has too many keys, or what is sent is too large", async ({ vault, page }) => {
    const dialog = await preview(vault, lines(1, 201));
    await expect(dialog.getByRole("alert")).toContainText(
      "It contains 201 keys, but an import can have at most 200.",
    );
    await discard(page);
    // Each quote takes two characters in JSON.
    const quotes = Array.from({ length: 20 }, (_, index) => `KEY_${index}='${'"'.repeat(8_000)}'`).join("\n");
    await preview(vault, quotes);
    for (let index = 0; index < 20; index++)
      await dialog.getByLabel(`Store KEY_${index}`, { exact: true }).check();
    await storeButton(dialog).click();
    await expect(dialog.getByRole("alert")).toContainText("As they are sent, these rows are 315 KiB");
    for (let index = 0; index < 6; index++)
      await dialog.getByLabel(`Store KEY_${index}`, { exact: true }).uncheck();
    await storeButton(dialog).click();
    await expect(dialog).toBeHidden();
  });

  test("and many rows that cannot be stored leave the good ones to choose", async ({ vault }) => {
    const bad = Array.from({ length: 400 }, (_, index) => `${index}_BAD=1`).join("\n");
    const dialog = await preview(vault, `${bad}\n${lines(1, 3)}`);
    await expect(dialog).toContainText("350 more rows can't be stored and aren't shown.");
    await dialog.getByRole("button", { name: "Store 3 secrets" }).click();
    await expect(dialog).toBeHidden();
    await expect(vault.row("KEY_3")).toBeVisible();
  });
});

test("an import replaces an existing secret only where that is chosen, and keeps what is known of it", {
  tag: "@any-browser",
}, async ({ vault }) => {
  await vault.add("OPENAI_API_KEY", "sk-test-the-present-one", "known");
  const dialog = await preview(vault, "OPENAI_API_KEY=sk-test-the-new-one\nGROQ_API_KEY=gsk_test");
  await expect(dialog.getByRole("row", { name: /OPENAI_API_KEY/ })).toContainText("Exists, skipped");
  await dialog.getByRole("button", { name: "Store 1 secret" }).click();
  await vault.show("OPENAI_API_KEY");
  await expect(vault.value("OPENAI_API_KEY")).toHaveText("sk-test-the-present-one");

  await preview(vault, "OPENAI_API_KEY=sk-test-the-new-one");
  await dialog.getByLabel("Replace OPENAI_API_KEY").check();
  await expect(dialog.getByRole("row", { name: /OPENAI_API_KEY/ })).toContainText("Replaces yours");
  await dialog.getByRole("button", { name: "Store 1 secret" }).click();
  await expect(vault.row("OPENAI_API_KEY")).toContainText("known");
  await vault.show("OPENAI_API_KEY");
  await expect(vault.value("OPENAI_API_KEY")).toHaveText("sk-test-the-new-one");
});

test("an import that meets a secret changed meanwhile stores nothing at all", {
  tag: "@any-browser",
}, async ({ page, vault }) => {
  const dialog = await preview(vault, "GROQ_API_KEY=gsk_test\nOPENAI_API_KEY=sk-test-imported");
  await page.request.post("/api/vault", { data: { key: "OPENAI_API_KEY", value: "sk-test-elsewhere" } });
  await dialog.getByRole("button", { name: "Store 2 secrets" }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  const { secrets } = await (await page.request.get("/api/vault")).json();
  expect(secrets.map(({ key }: { key: string }) => key)).toEqual(["OPENAI_API_KEY"]);
  // From here the person goes on: what is there now is skipped, unless they say otherwise.
  await expect(dialog.getByRole("row", { name: /OPENAI_API_KEY/ })).toContainText("Exists, skipped");
  await dialog.getByLabel("Replace OPENAI_API_KEY").check();
  await dialog.getByRole("button", { name: "Store 2 secrets" }).click();
  await expect(dialog).toBeHidden();
  await vault.show("OPENAI_API_KEY");
  await expect(vault.value("OPENAI_API_KEY")).toHaveText("sk-test-imported");
});

test("a .env file can be dropped onto the panel, and one without assignments is refused", async ({
  page,
  vault,
}) => {
  await dropFiles(vault.panel, { name: ".env", content: "GROQ_API_KEY=gsk_test_not_real" });
  const dialog = page.getByRole("dialog", { name: "Import a .env file" });
  await expect(dialog.getByRole("row", { name: /GROQ_API_KEY/ })).toContainText("New");
  await page.keyboard.press("Escape");
  await preview(vault, "no assignment in here");
  await expect(dialog.getByRole("alert")).toBeVisible();
  await expectAccessible(page);
});

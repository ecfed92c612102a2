import type { Locator, Page } from "@playwright/test";
import { expect, expectAccessible, newKey, paste, test, type VaultPanel } from "./fixtures";

// What is stored is what the person was shown before saving, byte for byte.

const KEY = "ANTHROPIC_API_KEY";
const OPENSSH = "-----BEGIN OPENSSH PRIVATE KEY-----\nbm90IGEga2V5\n-----END OPENSSH PRIVATE KEY-----\n";

/** The dialog to add a secret, by its parts. */
async function openAdd(vault: VaultPanel) {
  const dialog = await vault.openAdd();
  return {
    dialog,
    name: dialog.getByLabel("Key name"),
    value: dialog.getByLabel("Value", { exact: true }),
    save: dialog.getByRole("button", { name: /^(Add secret|Replace the value)$/ }),
    alert: dialog.getByRole("alert"),
  };
}

async function stored(page: Page, key: string): Promise<string> {
  const reply = await page.request.get(`/api/vault?key=${key}&reveal=true`);
  return reply.ok() ? (await reply.json()).value : `status ${reply.status()}`;
}

const keysOf = async (page: Page): Promise<string[]> =>
  (await (await page.request.get("/api/vault")).json()).secrets.map(({ key }: { key: string }) => key);

test.describe("a key name", () => {
  for (const [how, enter] of Object.entries({
    typed: (name: Locator, text: string) => name.pressSequentially(text),
    pasted: paste,
  })) {
    test(`that is ${how} with white space around it is stored without it`, async ({ page, vault }) => {
      const { name, value, save, dialog } = await openAdd(vault);
      await enter(name, ` ${KEY} `);
      const key = newKey();
      await value.fill(key);
      await expect(name).toHaveValue(KEY);
      await save.click();
      await expect(dialog).toBeHidden();
      expect(await stored(page, KEY)).toBe(key);
      await expect(vault.row(KEY)).toContainText("In use");
    });
  }

  test("takes spaces inside for underscores while it is typed, and none at the end", async ({ vault }) => {
    const { name, value } = await openAdd(vault);
    await name.pressSequentially("my own-key.1 ");
    await expect(name).toHaveValue("MY_OWN_KEY_1 ");
    await value.focus();
    await expect(name).toHaveValue("MY_OWN_KEY_1");
  });

  test("is stored without an invisible character before it", async ({ page, vault }) => {
    const { name, value, save, dialog } = await openAdd(vault);
    await paste(name, "\u200bMY_KEY\ufeff");
    await value.fill("abc");
    await save.click();
    await expect(dialog).toBeHidden();
    expect(await keysOf(page)).toEqual(["MY_KEY"]);
  });

  for (const [text, sentence] of [
    ["A".repeat(65), "The name has 65 characters. A key name can have at most 64."],
    ["_KEY", "A key name must start with a capital letter, not “_”."],
    ["MY_\u200bKEY", "not a zero-width space (U+200B)."],
    ["MY_KEY=", "A key name can have only capital letters, digits, and underscores, not “=”."],
  ] as const) {
    test(`is refused and not changed: ${JSON.stringify(text).slice(0, 20)}`, async ({ page, vault }) => {
      const { name, value, save, alert } = await openAdd(vault);
      await paste(name, text);
      await value.fill("abc");
      await save.click();
      await expect(alert).toContainText(sentence);
      await expect(name).toHaveValue(text);
      await expect(name).toBeFocused();
      expect(await keysOf(page)).toEqual([]);
    });
  }

  test("opens the import where a .env file is pasted, and never holds its values", async ({
    page,
    vault,
  }) => {
    for (const present of ["", "MY_"]) {
      const { name } = await openAdd(vault);
      await name.fill(present);
      await paste(name, "DB_PASS=hunter2-Prod\nSMTP_PASS=pw-mail-1");
      const dialog = page.getByRole("dialog", { name: "Import a .env file" });
      await expect(dialog.getByRole("row")).toHaveCount(3);
      await expect(page.locator("body")).not.toContainText(/hunter2/i);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
    }
  });

  test("that is a key becomes the value, with a word about it", async ({ page, vault }) => {
    const { dialog, name, value } = await openAdd(vault);
    const key = newKey();
    await paste(name, key);
    await expect(name).toHaveValue(KEY);
    await expect(value).toHaveValue(key);
    await expect(
      dialog.getByText("Moved here from the key name because it looks like a value."),
    ).toBeVisible();
    await expectAccessible(page);
    await name.fill("MY_KEY");
    await paste(name, "0123456789abcdefghijk");
    await expect(name).toHaveValue("MY_KEY");
    await expect(value).toHaveValue("0123456789abcdefghijk");
    await paste(name, OPENSSH);
    await expect(name).toHaveValue("MY_KEY");
    await expect(value).toHaveValue(OPENSSH);
  });

  test("with its value is taken apart, with a word about it", async ({ vault }) => {
    const { dialog, name, value } = await openAdd(vault);
    for (const text of ['my.key="a b"', 'export MY_KEY="a b"']) {
      await value.fill("");
      await paste(name, text);
      await expect(name).toHaveValue("MY_KEY");
      await expect(value).toHaveValue("a b");
    }
    await expect(dialog.getByText("The name and the value were separated.")).toBeVisible();
  });

  test("of which a value follows without a sign between them never holds the value", async ({ vault }) => {
    const { dialog, name, value } = await openAdd(vault);
    const key = newKey();
    for (const between of ["\t", ": ", "  "]) {
      await name.fill("");
      await value.fill("");
      await paste(name, `${KEY}${between}${key}`);
      await expect(name).toHaveValue(KEY);
      await expect(value).toHaveValue(key);
    }
    await expect(dialog.getByText("The name and the value were separated.")).toBeVisible();
  });

  test("in small letters is no value because keys of a provider begin like it", async ({ vault }) => {
    const { name, value } = await openAdd(vault);
    await paste(name, "hf_token");
    await expect(name).toHaveValue("HF_TOKEN");
    await expect(value).toHaveValue("");
  });
});

test.describe("a value", () => {
  test("of several certificates, whose last lines end in =, is no .env file", async ({ page, vault }) => {
    const { dialog, name, value, save } = await openAdd(vault);
    const chain = "-----BEGIN CERTIFICATE-----\nMIIabc=\n-----END CERTIFICATE-----\n".repeat(2);
    await name.fill("CHAIN");
    await paste(value, chain);
    await save.click();
    await expect(dialog).toBeHidden();
    expect(await stored(page, "CHAIN")).toBe(chain);
  });

  test("that comes with its name, quotes and white space is taken out of them, visibly", async ({
    page,
    vault,
  }) => {
    const { dialog, name, value, save } = await openAdd(vault);
    const key = newKey();
    await paste(value, `\ufeff export ${KEY}="${key}" \n`);
    await expect(value).toHaveValue(key);
    await expect(name).toHaveValue(KEY);
    await expect(dialog.getByText("Removed:")).toBeVisible();
    await expectAccessible(page);
    await save.click();
    await vault.show(KEY);
    await expect(vault.value(KEY)).toHaveText(key);
  });

  for (const [what, text] of [
    ["white space in quotes", "  two spaces around  "],
    ["the last line break of an OpenSSH key", OPENSSH],
    ["tabs and empty lines", "\n\ta\n\n"],
    ["a zero-width space", "abcd\u200bef12"],
    ["quotes that were typed", '"abc"'],
  ] as const) {
    test(`keeps ${what}, and says what is odd about it`, async ({ page, vault }) => {
      const { dialog, name, value, save, alert } = await openAdd(vault);
      await name.fill("MY_KEY");
      if (what === "white space in quotes") await paste(value, `MY_KEY="${text}"`);
      else if (what === "quotes that were typed") await value.fill(text);
      else await paste(value, text);
      await expect(value).toHaveValue(text);
      const notes = dialog.getByRole("status").filter({ hasText: /stored with it/ });
      await expect(notes).toHaveCount(text === OPENSSH ? 0 : 1);
      await save.click();
      if (text.startsWith('"')) {
        await expect(alert).toContainText("There are quotes around the value.");
        await dialog.getByRole("button", { name: "Save anyway" }).click();
      }
      await expect(dialog).toBeHidden();
      expect(await stored(page, "MY_KEY")).toBe(text);
    });
  }

  test("loses its white space where the person says so", async ({ page, vault }) => {
    const { dialog, name, value, save } = await openAdd(vault);
    await name.fill("MY_PASSWORD");
    await paste(value, "hunter2-not-real\n");
    await expect(value).toHaveValue("hunter2-not-real\n");
    await dialog.getByRole("button", { name: "Leave the white space out" }).click();
    await expect(value).toHaveValue("hunter2-not-real");
    await save.click();
    await expect(dialog).toBeHidden();
    expect(await stored(page, "MY_PASSWORD")).toBe("hunter2-not-real");
  });

  test("loses white space where it is a token alone, with a word about it", async ({ page, vault }) => {
    const { dialog, name, value, save } = await openAdd(vault);
    await name.fill("GROQ_API_KEY");
    await value.fill(" gsk_test_not_real ");
    await expect(dialog.getByText("The surrounding whitespace is removed.")).toBeVisible();
    await save.click();
    await expect(dialog).toBeHidden();
    expect(await stored(page, "GROQ_API_KEY")).toBe("gsk_test_not_real");
  });

  test("with Windows line breaks has those of the page, with a word about it", async ({ page, vault }) => {
    const { dialog, name, value, save } = await openAdd(vault);
    await name.fill("MY_KEY");
    await paste(value, "a\r\nb\r\n");
    await expect(dialog.getByText("Windows line breaks (CRLF) were changed to LF.")).toBeVisible();
    await save.click();
    await expect(dialog).toBeHidden();
    expect(await stored(page, "MY_KEY")).toBe("a\nb\n");
  });

  test("can be looked at before it is saved", async ({ vault }) => {
    const { dialog, value } = await openAdd(vault);
    await value.fill("  abc");
    const security = () =>
      value.evaluate((field) => getComputedStyle(field).getPropertyValue("-webkit-text-security"));
    expect(await security()).toBe("disc");
    await dialog.getByRole("button", { name: "Show what is entered" }).click();
    await expect.poll(security).toBe("none");
  });

  test("of another provider may be stored all the same, or under the name that is usual for it", async ({
    page,
    vault,
  }) => {
    const key = newKey();
    const { dialog, name, value, save, alert } = await openAdd(vault);
    await name.fill("OPENAI_API_KEY");
    await value.fill(key);
    await save.click();
    await expect(alert).toContainText(`This looks like an Anthropic key. Its usual name is ${KEY}.`);
    await expectAccessible(page);
    await alert.getByRole("button", { name: `Store it as ${KEY}` }).click();
    await expect(name).toHaveValue(KEY);
    await expect(alert).toBeHidden();
    await name.fill("OPENAI_API_KEY");
    await page.keyboard.press("Tab");
    await save.click();
    await alert.getByRole("button", { name: "Save anyway" }).click();
    await expect(dialog).toBeHidden();
    expect(await stored(page, "OPENAI_API_KEY")).toBe(key);
  });

  test("of another provider is no reason to rename a secret that is there", async ({ page, vault }) => {
    await vault.add("OPENAI_API_KEY", "sk-test-present");
    await vault.choose("OPENAI_API_KEY", "Edit");
    const edit = page.getByRole("dialog", { name: "Edit OPENAI_API_KEY" });
    await edit.getByRole("button", { name: "Replace the value" }).click();
    const key = newKey();
    await edit.getByLabel("New value").fill(key);
    await edit.getByRole("button", { name: "Save changes" }).click();
    await expect(edit.getByRole("alert")).toContainText("This looks like an Anthropic key.");
    await expect(edit.getByRole("button", { name: /^Store it as/ })).toBeHidden();
    await edit.getByRole("button", { name: "Save anyway" }).click();
    await expect(edit).toBeHidden();
    expect(await stored(page, "OPENAI_API_KEY")).toBe(key);
  });

  for (const text of [
    "sqlserver://h:1433;initial catalog=shop",
    "host=localhost dbname=shop",
    "file:C:/My Data/dev.db",
  ]) {
    test(`of DATABASE_URL may be ${text}`, async ({ page, vault }) => {
      const { dialog, name, value, save } = await openAdd(vault);
      await name.fill("DATABASE_URL");
      await value.fill(text);
      await save.click();
      await expect(dialog).toBeHidden();
      expect(await stored(page, "DATABASE_URL")).toBe(text);
    });
  }

  test("of an unusual format is only mentioned", async ({ vault }) => {
    const { dialog, name, value, save } = await openAdd(vault);
    await name.fill(KEY);
    await value.fill("an-unusual-key");
    await expect(dialog.getByText(`A value for ${KEY} usually begins with sk-ant-.`)).toBeVisible();
    await save.click();
    await expect(vault.row(KEY)).toBeVisible();
  });

  test("that is a mask is refused, and one that may be is asked about", async ({ page, vault }) => {
    const { dialog, name, value, save, alert } = await openAdd(vault);
    await name.fill("MY_KEY");
    for (const mask of ["[SENSITIVE]", "████████", "＊＊＊＊＊＊＊＊"]) {
      await value.fill(mask);
      await save.click();
      await expect(alert).toContainText("This is a mask, not the key itself.");
      await expect(dialog.getByRole("button", { name: "Save anyway" })).toBeHidden();
    }
    await value.fill("postgresql://app:***@db/app");
    await expect(alert).toBeHidden();
    await save.click();
    await expect(alert).toContainText("This looks like a mask, not the key itself.");
    expect(await keysOf(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Save anyway" }).click();
    await expect(dialog).toBeHidden();
    expect(await keysOf(page)).toEqual(["MY_KEY"]);
  });
});

test("a description that is too long is refused and not cut", async ({ page, vault }) => {
  const { dialog, name, value, save, alert } = await openAdd(vault);
  await name.fill("MY_KEY");
  await value.fill("abc");
  await dialog.getByLabel("Description").fill("a".repeat(501));
  await save.click();
  await expect(alert).toContainText("The description has 501 characters. It can have 500.");
  await expect(dialog.getByLabel("Description")).toBeFocused();
  await dialog.getByLabel("Description").fill("a".repeat(500));
  await save.click();
  await expect(dialog).toBeHidden();
  expect(await keysOf(page)).toEqual(["MY_KEY"]);
});

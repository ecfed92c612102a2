import type { Locator, Page } from "@playwright/test";
import { discard, expect, test } from "./fixtures";
import { dropFiles, transfer } from "./transfer";

const PEM = "-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----\n";
const pem = { name: "key.pem", content: PEM };
const env = { name: ".env", content: "GROQ_API_KEY=gsk_test_not_real" };

const valueField = (dialog: Locator) => dialog.getByLabel("Value", { exact: true });

/** Drags text from elsewhere onto a field, by the browser's own drag and drop (Chromium alone has a way to). */
async function dragText(page: Page, field: Locator, text: string): Promise<void> {
  const { x, y, width, height } = (await field.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const session = await page.context().newCDPSession(page);
  const data = { items: [{ mimeType: "text/plain", data: text }], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: x + width / 2, y: y + height / 2, data });
  }
}

test("text is dropped on every field as it is pasted there", async ({ page, vault, browserName }) => {
  test.skip(browserName !== "chromium", "There is no way to drag text by the protocol.");
  const dialog = await vault.openAdd();
  await dragText(page, dialog.getByLabel("Key name"), " MY_KEY ");
  await expect(dialog.getByLabel("Key name")).toHaveValue("MY_KEY");
  await dragText(page, valueField(dialog), 'export MY_KEY="abc"');
  await expect(valueField(dialog)).toHaveValue("abc");
  await expect(dialog.getByText("Removed: export, MY_KEY=, quotes.")).toBeVisible();
  await dragText(page, dialog.getByLabel("Description"), "dragged");
  await expect(dialog.getByLabel("Description")).toHaveValue("dragged");
  await discard(page);

  const search = vault.panel.getByLabel("Find a secret");
  await vault.add("MY_KEY", "abc");
  await dragText(page, search, "dragged");
  await expect(search).toHaveValue("dragged");
  await search.fill("");

  const box = (await vault.openImport()).getByLabel("File contents");
  await dragText(page, box, "GROQ_API_KEY=gsk_test");
  await expect(box).toHaveValue("GROQ_API_KEY=gsk_test");
});

test("a file on the form becomes the value, wherever it is dropped", async ({ vault, page }) => {
  const dialog = await vault.openAdd();
  for (const target of [
    valueField(dialog),
    dialog.getByLabel("Description"),
    dialog.getByLabel("Key name"),
  ]) {
    await valueField(dialog).fill("");
    await dropFiles(target, pem);
    await expect(valueField(dialog)).toHaveValue(PEM);
  }
  await dialog.getByLabel("Key name").fill("DEPLOY_KEY");
  await page.keyboard.press("Escape");
  await dialog.getByRole("button", { name: "Add secret" }).click();
  await expect(dialog).toBeHidden();
  const reply = await page.request.get("/api/vault?key=DEPLOY_KEY&reveal=true");
  expect((await reply.json()).value).toBe(PEM);
});

test("a file can be pasted, too; a picture of copied cells is left alone", async ({ vault, browserName }) => {
  test.skip(browserName !== "chromium", "Elsewhere, a paste that a test makes up holds nothing.");
  const dialog = await vault.openAdd();
  expect(await transfer(valueField(dialog), "paste", "key.pem", [pem])).toBe(true);
  await expect(valueField(dialog)).toHaveValue(PEM);
  await valueField(dialog).fill("");
  const picture = { name: "image.png", content: [0x89, 0x50], type: "image/png" };
  await transfer(valueField(dialog), "paste", "abc", [picture]);
  await expect(valueField(dialog)).toHaveValue("abc");
});

test("a file is chosen for a value with the keyboard, and again after it was corrected", async ({
  page,
  vault,
  browserName,
}) => {
  test.skip(browserName !== "chromium", "There is no word of the file dialog by the protocol.");
  const dialog = await vault.openAdd();
  await dialog.getByLabel("Key name").fill("DEPLOY_KEY");
  await page.keyboard.press("Escape");
  const button = dialog.getByLabel("Choose a file");
  const choose = async (content: Buffer) => {
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), button.press("Enter")]);
    await chooser.setFiles({ name: "key.pem", mimeType: "application/x-pem-file", buffer: content });
  };
  await choose(Buffer.from([0x67, 0xfc, 0x6e]));
  await expect(dialog.getByRole("alert")).toContainText("The file isn't UTF-8 text.");
  await choose(Buffer.from(PEM));
  await expect(valueField(dialog)).toHaveValue(PEM);
  await expect(dialog.getByRole("alert")).toBeHidden();
});

test("a file of the same name is read again in an import, once it was corrected", async ({ vault }) => {
  const dialog = await vault.openImport();
  const input = dialog.getByLabel("Choose a file");
  const choose = (text: string) =>
    input.setInputFiles({ name: ".env", mimeType: "text/plain", buffer: Buffer.from(text) });
  await choose("nothing in it");
  await expect(dialog.getByRole("alert")).toContainText("It contains no assignment");
  // A browser says nothing of a file that is there already.
  await expect(input).toHaveValue("");
  await choose(env.content);
  await expect(dialog.getByRole("row", { name: /GROQ_API_KEY/ })).toContainText("New");
});

test("of several files none is taken, and that is said", async ({ page, vault }) => {
  const sentence = "You chose 2 files. Choose one at a time.";
  await dropFiles(vault.panel, env, pem);
  await expect(page.getByText(sentence)).toBeVisible();
  await expect(page.getByRole("dialog")).toBeHidden();
  const add = await vault.openAdd();
  await dropFiles(valueField(add), env, pem);
  await expect(add.getByRole("alert")).toContainText(sentence);
  await expect(valueField(add)).toHaveValue("");
  await page.keyboard.press("Escape");
  const dialog = await vault.openImport();
  await dropFiles(dialog.getByLabel("File contents"), env, pem);
  await expect(dialog.getByRole("alert")).toContainText(sentence);
  await expect(dialog.getByRole("row")).toHaveCount(0);
});

test("a .env file opens the import from the panel, the form and the import alike", async ({
  page,
  vault,
}) => {
  const file = { name: ".env", content: "GROQ_API_KEY=gsk_test\nRESEND_API_KEY=re_test" };
  const dialog = page.getByRole("dialog", { name: "Import a .env file" });
  const rows = dialog.getByRole("row");
  await dropFiles(vault.panel, file);
  await expect(rows).toHaveCount(3);
  await page.keyboard.press("Escape");
  await dropFiles(valueField(await vault.openAdd()), file);
  await expect(rows).toHaveCount(3);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await vault.openImport();
  await dropFiles(dialog, file);
  await expect(rows).toHaveCount(3);
});

test("a key file on the panel is not taken for a .env file, and the way is named", async ({
  page,
  vault,
}) => {
  await dropFiles(vault.panel, pem);
  const dialog = page.getByRole("dialog", { name: "Import a .env file" });
  await expect(dialog.getByRole("alert")).toContainText("This is a key, not a .env file. Add a secret");
});

test("the browser never leaves the page to show a dropped file", async ({ vault, page }) => {
  const prevented = (target: Locator) => transfer(target, "drop", "", [env]);
  const dialog = await vault.openAdd();
  for (const target of [
    dialog,
    dialog.getByLabel("Description"),
    dialog.getByRole("button", { name: "Cancel" }),
  ]) {
    expect(await prevented(target)).toBe(true);
  }
  await discard(page);
  await vault.add("MY_KEY", "abc");
  await vault.choose("MY_KEY", "Delete");
  expect(await prevented(page.getByRole("alertdialog"))).toBe(true);
  await page.keyboard.press("Escape");
  await vault.choose("MY_KEY", "Edit");
  expect(await prevented(page.getByRole("dialog").getByLabel("Description"))).toBe(true);
});

test("a file for which there is no place is not read, and that is said", async ({ page, vault }) => {
  await vault.add("MY_KEY", "abc");
  await vault.choose("MY_KEY", "Edit");
  const edit = page.getByRole("dialog", { name: "Edit MY_KEY" });
  await dropFiles(edit.getByLabel("Description"), pem);
  await expect(edit.getByRole("alert")).toContainText("Choose “Replace the value” first.");
  await edit.getByRole("button", { name: "Replace the value" }).click();
  await dropFiles(edit.getByLabel("Description"), pem);
  await expect(edit.getByLabel("New value")).toHaveValue(PEM);
  await discard(page);
  const dialog = await vault.openImport();
  await dropFiles(dialog, env);
  await expect(dialog.getByRole("row")).toHaveCount(2);
  await dropFiles(dialog.getByRole("row").first(), { name: "b.env", content: "A=1\nB=2" });
  await expect(dialog.getByRole("alert")).toContainText("These rows aren't stored yet.");
  await expect(dialog.getByRole("row")).toHaveCount(2);
});

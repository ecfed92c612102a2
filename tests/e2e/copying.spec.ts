import type { Page } from "@playwright/test";
import { APP_URL } from "../support/ports";
import { as, expectOk, newPerson, type Person, post } from "./api/client";
import { alive, test as base, enter, expect, newValue, VaultPanel } from "./fixtures";

const KEY = "SHARED_KEY";

/** Somebody whose password was not entered for long, so that a value would be asked for only with it. */
const test = base.extend<{ person: Person; value: string }>({
  value: newValue(),
  person: async ({ context, value }, use) => {
    const person = await newPerson();
    expectOk(await as(person)("/api/vault", post({ key: KEY, value })), 201);
    await enter(context, person);
    await use(person);
  },
});

/** Every request to the API from now on. */
function asked(page: Page): string[] {
  const found: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/")) found.push(`${request.method()} ${request.url()}`);
  });
  return found;
}

async function copyInVain(page: Page, person: Person, sentence: string): Promise<void> {
  await page.goto("/dashboard");
  await alive(page);
  await page.context().clearCookies({ name: /confirm/ });
  const requests = asked(page);
  await new VaultPanel(page).copy(KEY);
  await expect(page.getByText(sentence)).toBeVisible();
  await expect(page.getByRole("dialog")).toBeHidden();
  expect(requests).toEqual([]);
  const { events } = expectOk(await as(person)("/api/vault/events"));
  expect(events.map(({ action }: { action: string }) => action)).toEqual(["created"]);
}

test("where the browser has no clipboard, as on plain http, nothing is asked for", async ({
  page,
  person,
}) => {
  // What a page over http to another host has.
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "clipboard", { value: undefined });
  });
  await copyInVain(page, person, "Browsers allow copying only on https pages. Show the value");
});

test("where the person has forbidden it, nothing is asked for, until they allow it", async ({
  page,
  context,
  person,
  value,
}) => {
  const cdp = await context.newCDPSession(page);
  const { browserContextId } = (await cdp.send("Target.getTargetInfo")).targetInfo;
  const set = (name: string, setting: "denied" | "granted") =>
    cdp.send("Browser.setPermission", {
      ...{ permission: { name }, setting, origin: APP_URL },
      ...(browserContextId && { browserContextId }),
    });
  await set("clipboard-write", "denied");
  await copyInVain(page, person, "Copying is blocked for this site.");
  await set("clipboard-write", "granted");
  await set("clipboard-read", "granted");
  await page.context().clearCookies();
  await enter(context, person);
  await expect
    .poll(() =>
      page.evaluate(
        async () => (await navigator.permissions.query({ name: "clipboard-write" as PermissionName })).state,
      ),
    )
    .toBe("granted");
  await new VaultPanel(page).copy(KEY);
  await expect(page.getByText("It stays in the clipboard")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(value);
});

test("a link that is shown once is selected where it cannot be copied", async ({ page, person: _ }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "clipboard", { value: undefined });
  });
  await page.goto("/dashboard");
  await page.getByRole("button", { name: "Add a webhook" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Address").fill("https://example.com/hooks");
  await dialog.getByRole("button", { name: "Add webhook" }).click();
  await dialog.getByRole("button", { name: "Copy the signing secret" }).click();
  await expect(page.getByText("is selected: copy it manually.")).toBeVisible();
  const secret = dialog.getByLabel("Signing secret");
  await expect(secret).toHaveJSProperty("selectionStart", 0);
  await expect(secret).toHaveJSProperty("selectionEnd", (await secret.inputValue()).length);
});

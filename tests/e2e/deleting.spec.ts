import type { Page, Route } from "@playwright/test";
import {
  alive,
  expect,
  expectAccessible,
  newcomer,
  newSession,
  newTeam,
  newValue,
  store,
  test,
  VAULT_PAGE,
  VaultPanel,
} from "./fixtures";

const KEY = "SHARED_KEY";

const metadata = async (page: Page, key = KEY) => (await page.request.get(`/api/vault?key=${key}`)).json();
const value = async (page: Page, key = KEY) =>
  (await (await page.request.get(`/api/vault?key=${key}&reveal=true`)).json()).value;
const isGone = async (page: Page, key = KEY) =>
  (await page.request.get(`/api/vault?key=${key}`)).status() === 404;

/** Holds the page's own requests of a method back, until it is released. */
async function hold(page: Page, method: string, then = (route: Route) => route.continue()) {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  await page.route(/\/api\/vault(\?|$)/, async (route) => {
    if (route.request().method() !== method) return route.fallback();
    resolve();
    await released;
    await then(route);
  });
  return { asked, release };
}

/** Confirms the deletion without waiting for its answer. */
async function clickDelete(vault: VaultPanel, key = KEY): Promise<void> {
  await vault.choose(key, "Delete");
  // A refused deletion asks under the same title, perhaps at once, but its button says more.
  const confirm = vault.page.getByRole("button", { name: "Delete", exact: true });
  const question = vault.page.getByRole("alertdialog", { name: `Delete ${key}?` }).filter({ has: confirm });
  await question.getByRole("button", { name: "Delete" }).click();
  await expect(question).toBeHidden();
}

/** Begins to add a secret, up to the click that saves it. */
async function beginAdding(vault: VaultPanel, key: string, text: string) {
  await vault.panel.getByRole("button", { name: "Add a secret" }).click();
  const dialog = vault.page.getByRole("dialog", { name: "Add a secret" });
  await dialog.getByLabel("Key name").fill(key);
  await dialog.getByLabel("Value", { exact: true }).fill(text);
  return dialog;
}

async function describeAs(vault: VaultPanel, text: string): Promise<void> {
  await vault.choose(KEY, "Edit");
  const dialog = vault.page.getByRole("dialog", { name: `Edit ${KEY}` });
  await dialog.getByLabel("Description").fill(text);
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await expect(dialog).toBeHidden();
}

const changed = (page: Page) => page.getByRole("alertdialog", { name: `Delete ${KEY}?` });

test("a key that is added again while its deletion is under way keeps the new value", async ({
  page,
  vault,
}) => {
  await vault.add(KEY, newValue());
  const deletion = await hold(page, "DELETE");
  await clickDelete(vault);
  await deletion.asked;
  const added = newValue();
  const dialog = await beginAdding(vault, KEY, added);
  let saves = 0;
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/api/vault")) saves += 1;
  });
  await dialog.getByRole("button", { name: "Add secret" }).click();
  await expect(dialog.getByRole("button", { name: "Saving…" })).toBeVisible();
  expect(saves).toBe(0);
  deletion.release();
  await expect(dialog).toBeHidden();
  await expect(vault.row(KEY)).toBeVisible();
  expect(await value(page)).toBe(added);
});

test("a key that is imported while its deletion is under way keeps the new value", async ({
  page,
  vault,
}) => {
  await vault.add(KEY, newValue());
  const deletion = await hold(page, "DELETE");
  await clickDelete(vault);
  await deletion.asked;
  await vault.panel.getByRole("button", { name: "Import a .env file" }).click();
  const dialog = page.getByRole("dialog", { name: "Import a .env file" });
  await dialog.getByLabel("File contents").fill(`${KEY}=imported-not-real\nOTHER_KEY=other-not-real`);
  await dialog.getByRole("button", { name: "Preview" }).click();
  await dialog.getByRole("button", { name: "Store 2 secrets" }).click();
  await expect(dialog.getByRole("button", { name: "Storing…" })).toBeVisible();
  deletion.release();
  await expect(dialog).toBeHidden();
  await expect(vault.row(KEY)).toBeVisible();
  expect(await value(page)).toBe("imported-not-real");
});

test("deleting what another window has replaced asks again, and says what changed", async ({
  page,
  vault,
}) => {
  await vault.add(KEY, newValue());
  const theirs = newValue();
  await store(page, KEY, theirs);
  await clickDelete(vault);
  const dialog = changed(page);
  await expect(dialog).toContainText(`${KEY} was changed just now`);
  await expect(dialog).toContainText("after you opened this page. Its value was replaced.");
  await expect(vault.page.locator("#vault")).toContainText(KEY);
  expect(await value(page)).toBe(theirs);
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await expect(vault.row(KEY)).toBeVisible();

  // The state that was seen is theirs from now on.
  await clickDelete(vault);
  await expect.poll(() => isGone(page)).toBe(true);
  await expect(vault.row(KEY)).toBeHidden();
});

test("what was only described anew elsewhere is deleted anyway, if that is chosen", async ({
  page,
  vault,
}) => {
  await vault.add(KEY, newValue());
  await page.request.post("/api/vault", { data: { key: KEY, description: "theirs" } });
  await clickDelete(vault);
  await expect(changed(page)).toContainText("Its value is the same.");
  await expect(vault.page.locator("#vault")).toContainText("theirs");
  await changed(page).getByRole("button", { name: "Delete it anyway" }).click();
  await expect.poll(() => isGone(page)).toBe(true);
  await expect(vault.row(KEY)).toBeHidden();
});

test("what was changed once more while it was decided is asked about once more", async ({ page, vault }) => {
  await vault.add(KEY, newValue());
  await store(page, KEY, newValue());
  await clickDelete(vault);
  const last = newValue();
  await expect(changed(page)).toContainText("Its value was replaced.");
  await store(page, KEY, last);
  await changed(page).getByRole("button", { name: "Delete it anyway" }).click();
  await expect(changed(page).getByRole("button", { name: "Keep it" })).toBeVisible();
  expect(await value(page)).toBe(last);
});

test("a secret that was deleted and added again elsewhere is another one", async ({ page, vault }) => {
  await vault.add(KEY, newValue());
  await page.request.delete(`/api/vault?key=${KEY}`);
  const theirs = newValue();
  await store(page, KEY, theirs);
  await clickDelete(vault);
  await expect(changed(page)).toContainText(`${KEY} was deleted and added again just now`);
  expect(await value(page)).toBe(theirs);
});

test("a secret that is gone already is deleted", async ({ page, vault }) => {
  await vault.add(KEY, newValue());
  await page.request.delete(`/api/vault?key=${KEY}`);
  await vault.remove(KEY);
  await expect(page.getByText(`${KEY} deleted`)).toBeVisible();
  await expect(vault.row(KEY)).toBeHidden();
});

test("while another dialog is open, the choice is beside it and takes nothing from it", async ({
  page,
  vault,
}) => {
  await vault.add(KEY, newValue());
  await store(page, KEY, newValue());
  const deletion = await hold(page, "DELETE");
  await clickDelete(vault);
  const dialog = await beginAdding(vault, "NEW_KEY", "half typed");
  deletion.release();
  await expect(page.getByText(`Couldn't delete ${KEY}`)).toBeVisible();
  await expect(page.getByText("after you opened this page. Its value was replaced.")).toBeVisible();
  await expect(page.locator("#vault")).toContainText(KEY);
  await page.getByRole("button", { name: "Delete it anyway" }).click();
  await expect.poll(() => isGone(page)).toBe(true);
  await expect(dialog.getByLabel("Key name")).toHaveValue("NEW_KEY");
  await expect(dialog.getByLabel("Value", { exact: true })).toHaveValue("half typed");
});

test("deleting right after an edit of one's own is about what the edit leads to", async ({ page, vault }) => {
  await vault.add(KEY, newValue());
  const saving = await hold(page, "POST");
  await describeAs(vault, "just described");
  await saving.asked;
  const answered: string[] = [];
  page.on("requestfinished", (request) => {
    if (request.method() !== "GET") answered.push(request.method());
  });
  await clickDelete(vault);
  await expect(vault.row(KEY)).toBeHidden();
  saving.release();
  await expect(page.getByText(`${KEY} deleted`)).toBeVisible();
  await expect.poll(() => answered).toEqual(["POST", "DELETE"]);
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(changed(page)).toBeHidden();
  await expect(vault.row(KEY)).toBeHidden();
  expect(await isGone(page)).toBe(true);
});

for (const what of ["deletion", "further edit"] as const) {
  test(`the dialog of a ${what} that was open before an edit of one's own arrived is about that edit`, async ({
    page,
    vault,
  }) => {
    await vault.add(KEY, newValue());
    const saving = await hold(page, "POST");
    await describeAs(vault, "first");
    await saving.asked;
    await vault.choose(KEY, what === "further edit" ? "Edit" : "Delete");
    const saved = page.waitForResponse((reply) => reply.request().method() === "POST");
    saving.release();
    await (await saved).finished();
    await expect.poll(async () => (await metadata(page)).description).toBe("first");
    if (what === "further edit") {
      const dialog = page.getByRole("dialog", { name: `Edit ${KEY}` });
      await dialog.getByLabel("Description").fill("second");
      await dialog.getByRole("button", { name: "Save changes" }).click();
      await expect.poll(async () => (await metadata(page)).description).toBe("second");
      await expect(page.getByRole("dialog")).toBeHidden();
    } else {
      await changed(page).getByRole("button", { name: "Delete" }).click();
      await expect(page.getByText(`${KEY} deleted`)).toBeVisible();
      expect(await isGone(page)).toBe(true);
    }
  });
}

test("an edit that is refused behind a deletion says nothing, and the deletion asks", async ({
  page,
  vault,
}) => {
  await vault.add(KEY, newValue());
  const theirs = newValue();
  await store(page, KEY, theirs);
  const saving = await hold(page, "POST");
  await describeAs(vault, "just described");
  await saving.asked;
  await clickDelete(vault);
  saving.release();
  await expect(changed(page)).toContainText("Its value was replaced.");
  await expect(page.getByRole("dialog", { name: `Edit ${KEY}` })).toBeHidden();
  await changed(page).getByRole("button", { name: "Keep it" }).click();
  await expect(vault.row(KEY)).not.toContainText("just described");
  expect(await value(page)).toBe(theirs);
});

/** Lets a request arrive, and its answer not. */
async function loseAnswer(route: Route): Promise<void> {
  await route.fetch();
  await route.abort();
}

test("a deletion whose answer is lost is one all the same", async ({ page, vault }) => {
  await vault.add(KEY, newValue());
  const deletion = await hold(page, "DELETE", loseAnswer);
  deletion.release();
  await clickDelete(vault);
  await expect(page.getByText(`${KEY} deleted`)).toBeVisible();
  await expect(vault.row(KEY)).toBeHidden();
  expect(await isGone(page)).toBe(true);
});

test("an edit whose answer is lost is one all the same", async ({ page, vault }) => {
  await vault.add(KEY, newValue());
  const saving = await hold(page, "POST", loseAnswer);
  saving.release();
  await describeAs(vault, "arrived");
  // A further change would be refused if the page did not know that state.
  await vault.remove(KEY);
  await expect(page.getByText(`${KEY} deleted`)).toBeVisible();
  expect(await isGone(page)).toBe(true);
});

test("what nobody could ask about is asked about when the network is back", async ({
  page,
  context,
  vault,
}) => {
  await vault.add(KEY, newValue());
  await vault.loadParts(KEY);
  await context.setOffline(true);
  await vault.remove(KEY);
  await expect(page.getByText(`Couldn't delete ${KEY}`)).toBeVisible();
  await expect(vault.row(KEY)).toBeVisible();
  const elsewhere = await page.request.delete(`/api/vault?key=${KEY}`);
  expect(elsewhere.status()).toBe(204);
  await context.setOffline(false);
  await expect(vault.row(KEY)).toBeHidden();
});

test("two windows that delete the same key both have it deleted", async ({ page, vault }) => {
  await vault.add(KEY, newValue());
  const second = new VaultPanel(await page.context().newPage());
  await second.page.goto(VAULT_PAGE);
  await alive(second.page);
  await clickDelete(vault);
  await expect.poll(() => isGone(page)).toBe(true);
  await clickDelete(second);
  await expect(second.page.getByText(`${KEY} deleted`)).toBeVisible();
  await expect(second.row(KEY)).toBeHidden();
});

test("of two admins of a team, the one who deletes last is asked", async ({ page, browser }) => {
  const admin = page;
  await newSession(admin);
  const team = await newTeam("Deleting", admin);
  const before = newValue();
  await store(admin, KEY, before, team);
  await admin.goto(`/dashboard?team=${team}`);
  await alive(admin);
  const vault = new VaultPanel(admin);
  await expect(vault.row(KEY)).toBeVisible();
  const other = await browser.newContext();
  const colleague = await other.newPage();
  await newcomer(colleague);
  const invite = await admin.request.post(`/api/teams/${team}/invites`, { data: { role: "admin" } });
  const token = new URL((await invite.json()).url).hash.slice(1);
  expect((await colleague.request.post("/api/invites/accept", { data: { token } })).ok()).toBe(true);
  await store(colleague, KEY, newValue(), team);
  // Their own key of the same name is none of this.
  await store(admin, KEY, "my-own-not-real");
  await clickDelete(vault);
  await expect(changed(admin)).toContainText("Its value was replaced.");
  await changed(admin).getByRole("button", { name: "Delete it anyway" }).click();
  await expect
    .poll(async () => (await admin.request.get(`/api/vault?key=${KEY}&team_id=${team}`)).status())
    .toBe(404);
  expect((await metadata(admin)).key).toBe(KEY);
  await other.close();
});

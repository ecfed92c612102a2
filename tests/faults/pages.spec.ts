import { stripVTControlCharacters } from "node:util";
import { expect, type Page } from "@playwright/test";
import {
  expectAccessible,
  newcomer,
  newKey,
  newValue,
  RevealPanel,
  receivedWith,
  VaultPanel,
} from "../e2e/fixtures";
import { PLATFORM_KEY } from "../support/keys";
import { afterChanges, test } from "./broken";

// What a person sees while the database does not answer: what they have entered stays, and one click goes on. The same
// for the encryption's own outage is in tests/bridge/outage.spec.ts.

const UNAVAILABLE = "The vault can't be reached right now. Try again in a moment.";
const KEY = "ANTHROPIC_API_KEY";

async function vaultOf(page: Page): Promise<VaultPanel> {
  await newcomer(page);
  return new VaultPanel(page);
}

test("each page says that it cannot be shown, and can be tried again", async ({ broken, page }) => {
  const { app, proxy } = broken;
  const person = await newcomer(page);
  const vault = new VaultPanel(page);
  await vault.add(KEY, newKey());
  await afterChanges(broken, person, 1);
  proxy.fail("rest", "down");
  const before = app.output().length;
  const paths = ["/activity", "/usage", "/team/new", "/dashboard"];
  for (const path of paths) {
    await page.goto(path);
    await expect(page.getByRole("heading")).toHaveText("This page can't be shown right now");
    await expect(page.getByRole("main")).toContainText("Nothing was changed. Wait a moment, then try again.");
    await expect(page).toHaveTitle("Page unavailable — Command Center");
  }
  // Next's own line, which shows of an error what Problem lets it show.
  const line = expect.stringMatching(
    `^⨯ Problem vault_unavailable: ${UNAVAILABLE} \\(NetworkError [A-Z_]+\\)$`,
  );
  const said = () => stripVTControlCharacters(app.output().slice(before)).split("\n").filter(Boolean);
  await expect.poll(said).toEqual(paths.map(() => line));
  await expectAccessible(page);
  proxy.heal();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(vault.row(KEY)).toBeVisible();
  await expect(page).toHaveTitle("Dashboard · Personal — Command Center");
});

test("what is entered stays, and is saved once the database is back", async ({ broken: { proxy }, page }) => {
  const vault = await vaultOf(page);
  const [before, after] = [newKey(), newKey("after")];
  await vault.add(KEY, before, "before");
  proxy.fail("rest", "down");
  await vault.show(KEY);
  await expect(page.getByText(UNAVAILABLE).last()).toBeVisible();

  await vault.choose(KEY, "Edit");
  const edit = page.getByRole("dialog", { name: `Edit ${KEY}` });
  await edit.getByRole("button", { name: "Replace the value" }).click();
  await edit.getByLabel("New value").fill(after);
  await edit.getByLabel("Description").fill("after");
  await edit.getByRole("button", { name: "Save changes" }).click();
  await expect(edit.getByRole("alert")).toContainText(UNAVAILABLE);
  await expect(edit.getByLabel("New value")).toHaveValue(after);
  await expect(edit.getByLabel("Description")).toHaveValue("after");
  await expectAccessible(page);
  proxy.heal();
  await edit.getByRole("button", { name: "Save changes" }).click();
  await expect(edit).toBeHidden();
  await vault.show(KEY);
  await expect(vault.value(KEY)).toHaveText(after);
});

test("a deletion that does not arrive is taken back", async ({ broken: { proxy }, page }) => {
  const vault = await vaultOf(page);
  await vault.add("MY_OTHER_KEY", newValue());
  proxy.fail("rest", "down");
  await vault.remove("MY_OTHER_KEY");
  await expect(page.getByText(UNAVAILABLE).last()).toBeVisible();
  await expect(vault.row("MY_OTHER_KEY")).toBeVisible();
  proxy.heal();
  await vault.remove("MY_OTHER_KEY");
  await expect(vault.row("MY_OTHER_KEY")).toHaveCount(0);
  await page.reload();
  await expect(vault.row("MY_OTHER_KEY")).toHaveCount(0);
});

test("a run stops, keeps its prompt, and leads nobody to another key", async ({
  broken: { proxy },
  page,
}) => {
  const vault = await vaultOf(page);
  const mine = newKey();
  await vault.add(KEY, mine);
  const reveal = new RevealPanel(page);
  await expect(reveal.payer).toContainText(`Your ${KEY} will be used.`);
  proxy.failWhere("rest", "down", /begin_run|store_secrets|vault_(secrets|candidates)/);
  await reveal.run("A prompt that stays");
  await expect(reveal.alert).toContainText(UNAVAILABLE);
  await expect(reveal.alert.getByRole("button")).toHaveCount(0);
  await expect(reveal.panel.getByLabel("Prompt")).toHaveValue("A prompt that stays");
  await expectAccessible(page);
  expect(await receivedWith(PLATFORM_KEY)).toEqual([]);
  proxy.heal();
  await reveal.panel.getByRole("button", { name: "Run", exact: true }).click();
  await expect(reveal.panel).toContainText("Paid with your key");
  expect(await receivedWith(mine)).toHaveLength(1);
  expect(await receivedWith(PLATFORM_KEY)).toEqual([]);
});

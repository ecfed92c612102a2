import {
  expect,
  newcomer,
  newKey,
  newValue,
  RevealPanel,
  store,
  test,
  VAULT_PAGE,
  VaultPanel,
} from "./fixtures";
import { partWith } from "./parts";
import { runToEnd } from "./run-panel";

// What is loaded after the page may not arrive: the network goes, or a server restarts, at that very moment.

const UNREACHABLE = "The server can't be reached. Check your connection and try again.";

const parts: { name: string; text: string; open: (vault: VaultPanel) => Promise<void>; shows: string }[] = [
  {
    name: "a row's menu",
    text: "Actions for ",
    open: (vault) => vault.more("OPENAI_API_KEY").click(),
    shows: "menu",
  },
  {
    name: "the dialog to add a secret",
    text: "Replace the value",
    open: (vault) => vault.panel.getByRole("button", { name: "Add a secret" }).click(),
    shows: "dialog",
  },
  {
    name: "the dialog to import a file",
    text: "You see its keys first.",
    open: (vault) => vault.panel.getByRole("button", { name: "Import a .env file" }).click(),
    shows: "dialog",
  },
  {
    name: "the dialog to add a webhook",
    text: "Signing secret",
    open: ({ page }) => page.getByRole("button", { name: "Add a webhook" }).click(),
    shows: "dialog",
  },
];

for (const { name, text, open, shows } of parts) {
  test(`${name} that doesn't arrive is said, and opens with the next press`, async ({ page }) => {
    const part = partWith(text);
    await page.route(part, (route) => route.abort());
    await newcomer(page);
    await store(page, "OPENAI_API_KEY", newValue());
    await page.reload();
    const vault = new VaultPanel(page);
    await expect(vault.row("OPENAI_API_KEY")).toBeVisible();
    await open(vault);
    await expect(page.getByText(UNREACHABLE)).toBeVisible();
    await expect(page).toHaveURL(VAULT_PAGE);
    await expect(vault.row("OPENAI_API_KEY")).toBeVisible();
    await page.unroute(part);
    await open(vault);
    await expect(page.getByRole(shows as "menu" | "dialog")).toBeVisible();
  });
}

test("what goes with an answer and doesn't arrive is there with the next one", async ({ page }) => {
  const part = partWith("Copied as Markdown");
  await page.route(part, (route) => route.abort());
  await newcomer(page);
  await store(page, "ANTHROPIC_API_KEY", newKey());
  await page.reload();
  const reveal = new RevealPanel(page);
  const again = reveal.panel.getByRole("button", { name: "Run again" });
  await runToEnd(reveal, "Without it");
  await expect(again).toHaveCount(0);
  await page.unroute(part);
  await runToEnd(reveal, "With it");
  await expect(again).toBeVisible();
});

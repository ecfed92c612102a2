import { insertRows } from "./api/client";
import { alive, expect, newcomer, newSession, newTeam, newValue, test, type VaultPanel } from "./fixtures";
import { holdScripts } from "./way-in";

// What is entered before the scripts are there, and what a browser puts back into a page that one comes back to.

async function twoSecrets(vault: VaultPanel): Promise<void> {
  for (const key of ["STRIPE_SECRET_KEY", "OPENAI_API_KEY"]) {
    const reply = await vault.page.request.post("/api/vault", { data: { key, value: newValue() } });
    expect(reply.status()).toBe(201);
  }
}

test("a search typed before the scripts are there finds what it says", async ({ page, vault }) => {
  await twoSecrets(vault);
  const release = await holdScripts(page);
  await page.reload({ waitUntil: "commit" });
  const find = vault.panel.getByLabel("Find a secret");
  await find.fill("stripe");
  release();
  await expect(vault.row("OPENAI_API_KEY")).toHaveCount(0);
  await expect(vault.row("STRIPE_SECRET_KEY")).toBeVisible();
  await expect(find).toHaveValue("stripe");
  await find.fill("");
  await expect(vault.row("OPENAI_API_KEY")).toBeVisible();
});

test("who comes back with the back button finds the search and its result", async ({ page, vault }) => {
  await twoSecrets(vault);
  await page.reload();
  await alive(page);
  const find = vault.panel.getByLabel("Find a secret");
  await find.fill("stripe");
  await expect(vault.row("OPENAI_API_KEY")).toHaveCount(0);
  await page.getByRole("link", { name: "Usage", exact: true }).click();
  await expect(page).toHaveURL(/\/usage/);
  await page.goBack();
  await expect(find).toHaveValue("stripe");
  await expect(vault.row("STRIPE_SECRET_KEY")).toBeVisible();
  await expect(vault.row("OPENAI_API_KEY")).toHaveCount(0);
});

test("what an admin enters on the team's page before the scripts are there is what is saved", async ({
  page,
}) => {
  await newSession(page);
  const team = await newTeam("Before", page);
  const release = await holdScripts(page);
  await page.goto(`/team?team=${team}`, { waitUntil: "commit" });
  await page.getByLabel("Team name").fill("After");
  await page.getByLabel("Monthly team budget").fill("12");
  await page.getByLabel("Default for each member").fill("3");
  await page.getByRole("radio", { name: /^Personal keys only/ }).check();
  await page.getByLabel("Role").selectOption("admin");
  await page.getByLabel("Label (optional)").fill("For Ada");
  release();
  await alive(page);

  await page.getByRole("button", { name: "Rename" }).click();
  await expect(page.getByText("Team renamed")).toBeVisible();
  await page.getByRole("button", { name: "Save the budgets" }).click();
  await expect(page.getByText("Budgets saved.")).toBeVisible();
  await page.getByRole("button", { name: "Save which keys runs may use" }).click();
  await expect(page.getByText("Saved. It applies to new runs.")).toBeVisible();
  await page.getByRole("button", { name: "Create link" }).click();
  await expect(page.getByLabel("New invite link")).toBeVisible();

  // The page does not suggest it: it shows what the server has now.
  await page.reload();
  await expect(page.getByLabel("Team name")).toHaveValue("After");
  await expect(page.getByLabel("Monthly team budget")).toHaveValue("12");
  await expect(page.getByLabel("Default for each member")).toHaveValue("3");
  await expect(page.getByRole("radio", { name: /^Personal keys only/ })).toBeChecked();
  const { invites } = await (await page.request.get(`/api/teams/${team}`)).json();
  expect(invites).toMatchObject([{ role: "admin", label: "For Ada" }]);
});

test("a measure of usage chosen before the scripts are there is the one that is shown", async ({ page }) => {
  const { id } = await newcomer(page);
  await insertRows("reveal_runs", [
    {
      user_id: id,
      kind: "run",
      model: "claude-sonnet-5-5",
      source: "user",
      status: "completed",
      cost_usd: 1,
    },
  ]);
  const release = await holdScripts(page);
  await page.goto("/usage", { waitUntil: "commit" });
  const days = page.getByRole("region", { name: "By day" });
  await days.getByText("Estimated cost", { exact: true }).first().click();
  const choice = page.getByRole("radio", { name: "Estimated cost" });
  await expect(choice).toBeChecked();
  release();
  await expect(page.getByText("Estimated cost in US dollars per day")).toBeVisible();
  await expect(choice).toBeChecked();
});

test("who wants to send a form before the scripts are there waits for them, and loses nothing", async ({
  page,
}) => {
  await newSession(page);
  const team = await newTeam("Crew", page);
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const release = await holdScripts(page);
  for (const [path, names] of [
    [`/team?team=${team}`, ["Rename", "Save the budgets", "Save which keys runs may use", "Create link"]],
    ["/account", ["Change e-mail", "Change password"]],
  ] as const) {
    await page.goto(path, { waitUntil: "commit" });
    for (const name of names) await expect(button(name)).toBeDisabled();
  }
  await page.goto("/team/new", { waitUntil: "commit" });
  const name = page.getByLabel("Name");
  await name.fill("Cartography");
  await name.press("Enter");
  await expect(button("Create team")).toBeDisabled();
  await expect(page).toHaveURL(/\/team\/new$/);
  release();
  await button("Create team").click();
  await expect(page.getByRole("button", { name: "Workspace: Cartography" })).toBeVisible();
});

import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { createClient } from "@supabase/supabase-js";
import { schemeFor } from "../../components/vault/ui/followTheme";
import {
  expect,
  expectAccessible,
  newKey,
  newValue,
  receivedWith,
  signUp,
  store,
  test,
  VAULT_PAGE,
  VaultPanel,
} from "../e2e/fixtures";
import { TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../support/keys";
import { APP_URL, SUPABASE_URL } from "../support/ports";

// What docs/install.md promises of an installation. HOST_DATABASE is the folder of the host's database.

const HAS_TEAMS = process.env.HOST_HAS_TEAMS === "yes";
const admin = createClient(SUPABASE_URL, TEST_SECRET_KEY, { auth: { persistSession: false } });

/** Asks the route of step 5, from the page as a person's browser does. */
const ask = (page: Page, team_id?: string) =>
  page.evaluate(
    async (body) => {
      const headers = { "content-type": "application/json" };
      const reply = await fetch("/api/ask", { method: "POST", headers, body });
      return { status: reply.status, body: await reply.json() };
    },
    JSON.stringify({ prompt: "Hello", team_id }),
  );
const NO_KEY = { status: 404, body: { code: "secret_not_found" } };

test("the page leads strangers to where they sign in, and people with an account back", async ({ page }) => {
  const account = await signUp(page);
  await page.context().clearCookies();
  await page.goto(VAULT_PAGE);
  await expect(page).toHaveURL("/login");
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password").fill(account.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(new VaultPanel(page).panel).toContainText("Add your ANTHROPIC_API_KEY");
});

test("a feature of the app uses the key that is stored, and says so once there is none", async ({
  page,
  vault,
}) => {
  const key = newKey();
  expect(await ask(page)).toMatchObject({
    status: 404,
    body: { code: "secret_not_found", detail: "Add your ANTHROPIC_API_KEY first." },
  });
  await vault.add("ANTHROPIC_API_KEY", key);
  await expect(vault.row("ANTHROPIC_API_KEY")).toContainText("In use");
  expect(await ask(page)).toMatchObject({
    status: 200,
    body: { source: "user", answer: { role: "assistant" } },
  });
  expect(await receivedWith(key)).toMatchObject([{ path: "/v1/messages" }]);

  await vault.check("ANTHROPIC_API_KEY");
  await expect(vault.row("ANTHROPIC_API_KEY")).toContainText("Works");
  await expectAccessible(page);

  await vault.remove("ANTHROPIC_API_KEY");
  expect((await ask(page)).status).toBe(404);
});

test("a whole .env file is imported", async ({ page, vault }) => {
  await vault.panel.getByRole("button", { name: "Import a .env file" }).click();
  const dialog = page.getByRole("dialog", { name: "Import a .env file" });
  const file =
    "GROQ_API_KEY=gsk_test_not_real\nposthog.key=not-real\nRESEND_API_KEY=sk-ant-not-in-this-slot\n";
  await dialog.getByLabel("File contents").fill(file);
  await dialog.getByRole("button", { name: "Preview" }).click();
  await expect(dialog).toContainText("POSTHOG_KEY");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: /^Store/ }).click();
  await expect(vault.row("GROQ_API_KEY")).toBeVisible();
});

/** Whether what the browser draws itself, such as a check box, is light or dark there, and the text of the app. */
const schemesOf = async (part: Locator) => {
  const colors = await part.evaluate((part) => {
    const drawn = part.appendChild(
      Object.assign(document.createElement("i"), { style: "color: CanvasText" }),
    );
    const colors = [getComputedStyle(drawn).color, getComputedStyle(part).color];
    drawn.remove();
    return colors;
  });
  const [browser, app] = colors.map(schemeFor);
  return { browser, app };
};

test("what the browser draws is dark where the app's theme is", async ({ page, vault }) => {
  const expectFollowed = async (part: Locator) => {
    for (const colorScheme of ["light", "dark", "light"] as const) {
      await page.emulateMedia({ colorScheme });
      await expect.poll(() => schemesOf(part)).toEqual({ browser: colorScheme, app: colorScheme });
    }
  };
  await expectFollowed(vault.panel);
  const dialog = await vault.openAdd();
  await expectFollowed(dialog.locator("[data-slot=dialog-body]"));
});

test("requests without a session, or from another site, are refused", async ({ page }) => {
  await signUp(page);
  await store(page, "OPENAI_API_KEY", newValue());
  const reveal = "/api/vault?key=OPENAI_API_KEY&reveal=true";
  const foreign = { "sec-fetch-site": "cross-site", origin: "https://elsewhere.example" };
  expect((await page.request.get(reveal)).status()).toBe(200);
  expect((await page.request.get(reveal, { headers: foreign })).status()).toBe(403);
  expect(
    (await page.request.get(reveal, { headers: { origin: "https://elsewhere.example" } })).status(),
  ).toBe(403);
  expect((await page.request.get(reveal, { headers: { origin: APP_URL } })).status()).toBe(200);
  expect(
    (await page.request.post("/api/ask", { headers: foreign, data: { prompt: "Hello" } })).status(),
  ).toBe(403);

  const cookies = await page.context().cookies();
  const token = accessToken(cookies);
  await page.context().clearCookies();
  const paths = ["/api/vault", reveal];
  const strangers: Record<string, string>[] = [
    {},
    { authorization: `Bearer ${token}`, apikey: TEST_SECRET_KEY },
  ];
  for (const headers of strangers) {
    for (const path of paths) expect((await page.request.get(path, { headers })).status()).toBe(401);
  }
});

test("the value is nowhere in the database, and the database shows its owner no ciphertext", async ({
  page,
  vault,
}) => {
  const value = newKey(randomUUID());
  await vault.add("ANTHROPIC_API_KEY", value, "For this test");
  const { data } = await admin.from("vault_secrets").select("*").eq("description", "For this test");
  const row = data?.find(({ encrypted_value }) => encrypted_value.startsWith("v1."));
  expect(JSON.stringify(data)).not.toContain(value);

  const files = readTree(String(process.env.HOST_DATABASE));
  const forms = [value, Buffer.from(value).toString("base64"), Buffer.from(value).toString("hex")];
  for (const form of forms) expect(files.includes(form), "in the database's files").toBe(false);
  // So that the line above looks into the right files.
  expect(files.includes("For this test")).toBe(true);

  const token = accessToken(await page.context().cookies());
  const asOwner = (columns: string) =>
    fetch(`${SUPABASE_URL}/rest/v1/vault_secrets?id=eq.${row?.id}&select=${columns}`, {
      headers: { apikey: TEST_PUBLISHABLE_KEY, authorization: `Bearer ${token}` },
    });
  expect(await (await asOwner("key")).json()).toEqual([{ key: "ANTHROPIC_API_KEY" }]);
  expect((await asOwner("encrypted_value")).status).toBe(403);
});

if (HAS_TEAMS) {
  test("the app's own teams: who is an owner there sets keys, and a guest's feature uses them", async ({
    page,
    browser,
  }) => {
    const owner = await (await browser.newContext()).newPage();
    const stranger = await (await browser.newContext()).newPage();
    const accounts = await Promise.all([signUp(owner), signUp(page), signUp(stranger)]);
    expect(accounts).toHaveLength(3);
    const team = await admin.from("teams").insert({ name: "Cartography" }).select().single();
    const members = [
      { team_id: team.data.id, user_id: await userId(owner), role: "owner" },
      { team_id: team.data.id, user_id: await userId(page), role: "guest" },
    ];
    expect((await admin.from("team_members").insert(members)).error).toBeNull();
    const key = newKey();
    await store(owner, "ANTHROPIC_API_KEY", key, team.data.id);

    const query = `/api/vault?team_id=${team.data.id}`;
    expect((await (await page.request.get(query)).json()).secrets).toMatchObject([
      { key: "ANTHROPIC_API_KEY" },
    ]);
    const reveal = `${query}&key=ANTHROPIC_API_KEY&reveal=true`;
    expect((await owner.request.get(reveal)).status()).toBe(200);
    expect((await page.request.get(reveal)).status()).toBe(403);
    expect((await stranger.request.get(query)).status()).toBe(404);

    const uses = { status: 200, body: { source: "team" } };
    expect(await ask(owner, team.data.id)).toMatchObject(uses);
    expect(await ask(page, team.data.id)).toMatchObject(uses);
    expect(await receivedWith(key)).toHaveLength(2);
    expect(await ask(stranger, team.data.id)).toMatchObject(NO_KEY);
    expect(await ask(page)).toMatchObject(NO_KEY);
    // It counts who is in the team now.
    const removed = await admin.from("team_members").delete().eq("role", "guest").eq("team_id", team.data.id);
    expect(removed.error).toBeNull();
    expect(await ask(page, team.data.id)).toMatchObject(NO_KEY);
    expect(await receivedWith(key)).toHaveLength(2);

    await admin.from("teams").delete().eq("id", team.data.id);
    const left = await admin.from("vault_secrets").select("id").eq("owner_id", team.data.id);
    expect(left.data).toEqual([]);
  });
} else {
  test("without teams, a team's id is that of no team", async ({ page, account }) => {
    expect(account.email).toContain("@");
    const team_id = randomUUID();
    expect((await page.request.get(`/api/vault?team_id=${team_id}`)).status()).toBe(404);
    const reply = await page.request.post("/api/vault", {
      data: { key: "OPENAI_API_KEY", value: "x", team_id },
    });
    expect([reply.status(), (await reply.json()).code]).toEqual([404, "team_not_found"]);
    expect(await ask(page, team_id)).toMatchObject(NO_KEY);
  });
}

/** The access token in the cookies that @supabase/ssr sets: base64url after a prefix, perhaps in pieces. */
function accessToken(cookies: { name: string; value: string }[]): string {
  const pieces = cookies
    .filter(({ name }) => /-auth-token(\.\d)?$/.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const text = pieces
    .map(({ value }) => value)
    .join("")
    .replace("base64-", "");
  return JSON.parse(Buffer.from(text, "base64url").toString()).access_token;
}

async function userId(page: Page): Promise<string> {
  const [, payload = ""] = accessToken(await page.context().cookies()).split(".");
  return JSON.parse(Buffer.from(payload, "base64url").toString()).sub;
}

/** All files of a folder, one after the other. */
function readTree(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Buffer.concat(files.map((file) => readFileSync(join(file.parentPath, file.name))));
}

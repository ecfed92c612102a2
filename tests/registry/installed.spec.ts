import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@supabase/supabase-js";
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
import { accessToken, ask } from "./feature";
import { hostNamed } from "./hosts";

// What docs/install.md promises of an installation. HOST names the app, and HOST_DATABASE is the folder of its database.

const { redirects } = hostNamed(process.env.HOST);
const admin = createClient(SUPABASE_URL, TEST_SECRET_KEY, { auth: { persistSession: false } });

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
    for (const path of paths) {
      const reply = await page.request.get(path, { headers, maxRedirects: 0 });
      expect(reply.status()).toBe(redirects ? 307 : 401);
    }
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

/** All files of a folder, one after the other. */
function readTree(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Buffer.concat(files.map((file) => readFileSync(join(file.parentPath, file.name))));
}

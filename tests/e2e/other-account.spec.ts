import { newPerson } from "./api/client";
import { enter, expect, newcomer, newValue, test, VaultPanel } from "./fixtures";

// A page goes on showing one person when another one is signed in: by themselves in a second window, or by a cookie that
// was put there.

const KEY = "MY_PRIVATE_KEY";

test.describe("a page that still shows somebody else", () => {
  test("stores nothing for the one who is signed in now, and shows that person instead", async ({
    page,
    context,
  }) => {
    const ann = await newcomer(page);
    const ben = await newPerson();
    const vault = new VaultPanel(page);
    await vault.panel.getByRole("button", { name: "Add a secret" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a secret" });
    await dialog.getByLabel("Key name").fill(KEY);
    await dialog.getByLabel("Value", { exact: true }).fill(newValue());

    await context.clearCookies();
    await enter(context, ben);
    await dialog.getByRole("button", { name: "Add secret" }).click();
    await expect(page.getByRole("banner")).toContainText(ben.email);
    await expect(page.getByText("You're now signed in with a different account.")).toBeVisible();
    for (const person of [ben, ann]) {
      await context.clearCookies();
      await enter(context, person);
      expect(await (await page.request.get("/api/vault")).json()).toEqual({ secrets: [] });
    }
  });

  test("shows none of their values", async ({ page, context }) => {
    const value = newValue();
    await newcomer(page);
    const vault = new VaultPanel(page);
    await vault.add(KEY, newValue());
    const ben = await newPerson();
    await context.clearCookies();
    await enter(context, ben);
    expect((await page.request.post("/api/vault", { data: { key: KEY, value } })).status()).toBe(201);
    const reveal = page.waitForResponse((reply) => reply.url().includes("reveal=true"));
    await vault.show(KEY);
    expect((await reveal).status()).toBe(409);
    await expect(page.getByRole("banner")).toContainText(ben.email);
    // From then on it is that person's page.
    await vault.show(KEY);
    await expect(vault.value(KEY)).toHaveText(value);
  });
});

test("a cookie that was put beside the session's for the API alone makes it nobody's", async ({
  page,
  context,
  baseURL,
}) => {
  await newcomer(page);
  const attacker = await newPerson();
  const value = attacker.cookie.match(/(?:^|; )sb-127-auth-token=([^;]+)/)?.[1] ?? "";
  expect(value).not.toBe("");
  const { hostname: domain } = new URL(String(baseURL));
  await context.addCookies([{ name: "sb-127-auth-token", value, domain, path: "/api" }]);
  const vault = new VaultPanel(page);
  await vault.panel.getByRole("button", { name: "Add a secret" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a secret" });
  await dialog.getByLabel("Key name").fill(KEY);
  await dialog.getByLabel("Value", { exact: true }).fill(newValue());
  await dialog.getByRole("button", { name: "Add secret" }).click();
  await expect(dialog.getByRole("alert")).toContainText("You're not signed in");
  for (const path of ["/", "/api"]) {
    await context.clearCookies({ path });
  }
  await enter(context, attacker);
  expect(await (await page.request.get("/api/vault")).json()).toEqual({ secrets: [] });
});

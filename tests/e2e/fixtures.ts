import { randomUUID } from "node:crypto";
import AxeBuilder from "@axe-core/playwright";
import { type BrowserContext, test as base, expect, type Locator, type Page } from "@playwright/test";
import axe from "axe-core";
import type { RecordedRequest } from "../support/anthropic-standin";
import { ANTHROPIC_URL } from "../support/ports";
import { type Account, newAccount, newPerson, type Person } from "./api/client";

/** Where the vault's panel is, and where signing up leads to; other apps have it elsewhere (tests/registry). */
export const VAULT_PAGE = process.env.VAULT_PAGE || "/dashboard";

/** A key that no other test uses, so that the stand-in's record of it belongs to this test. */
export function newKey(what = "works"): string {
  return `sk-ant-test-${what}-${randomUUID()}`;
}

/** A value of no provider's, for every other key. */
export function newValue(): string {
  return `value-not-real-${randomUUID()}`;
}

/** Signs up in the browser, as a person would, and ends on the dashboard. */
export async function signUp(page: Page, account: Account = newAccount()): Promise<Account> {
  await page.goto("/login?mode=sign-up");
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password").fill(account.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL(`**${VAULT_PAGE}`);
  return account;
}

/** Gives a browser this person's session, in the cookie that signing in would have set. */
export async function enter(context: BrowserContext, { cookie }: Person): Promise<void> {
  await context.addCookies(
    cookie.split("; ").map((pair) => {
      const [name = "", value = ""] = pair.split(/=(.*)/s);
      return { name, value, domain: "localhost", path: "/", httpOnly: true, sameSite: "Lax" as const };
    }),
  );
}

/** Opens the header's menu with what is the person's own. Works without scripts. */
export async function openAccountMenu(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Account: / }).click();
}

/** Closes a dialog that asks before it loses what was typed. */
export async function discard(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await page.getByRole("alertdialog").getByRole("button", { name: "Discard" }).click();
}

/** Signs out, as a person would. The click does not wait for scripts that are late. */
export async function signOut(page: Page): Promise<void> {
  await openAccountMenu(page);
  await page.getByRole("button", { name: "Sign out", exact: true }).click({ noWaitAfter: true });
}

/** Waits until React, which comes after the page itself, listens to its buttons, or to another part of it. */
export async function alive(page: Page, part = "main button"): Promise<void> {
  const listens = (part: string) =>
    Object.keys(document.querySelector(part) ?? {}).some((name) => name.startsWith("__reactProps"));
  await expect.poll(() => page.evaluate(listens, part), { intervals: [25] }).toBe(true);
}

/**
 * Comes back to the window, until the page shows what that leads to: React listens to its buttons before it
 * listens to the window.
 *
 * @param seen what the page shows then, by the `expect` that it is given
 */
export async function comeBack(page: Page, seen: (soon: typeof expect) => Promise<void>): Promise<void> {
  await expect(async () => {
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await seen(expect.configure({ timeout: 15_000 }));
  }).toPass();
}

/** Somebody new, whose session this page's browser has. No page is loaded yet, which takes most of a test's time. */
export async function newSession(page: Page): Promise<Person> {
  const person = await newPerson();
  await enter(page.context(), person);
  return person;
}

/**
 * Somebody new, on their dashboard: what {@link signUp} leads to, in a fifth of its time, because the account
 * and its session come from the auth server without the pages in between.
 */
export async function newcomer(page: Page, origin = ""): Promise<Person> {
  const person = await newSession(page);
  await page.goto(`${origin}${VAULT_PAGE}`);
  await alive(page);
  return person;
}

/** Loads the page anew, or the dashboard if there is no page yet, and waits until it listens. */
export async function loadAnew(page: Page): Promise<void> {
  if (page.url() === "about:blank") await page.goto(VAULT_PAGE);
  else await page.reload();
  await alive(page);
}

/**
 * Makes a team through the API, as its pages do: its admin invites, the others accept.
 *
 * @returns its id
 */
export async function newTeam(name: string, admin: Page, ...members: Page[]): Promise<string> {
  const post = async (page: Page, path: string, data: object) => {
    const reply = await page.request.post(path, { data });
    expect(reply.ok(), `${path}: ${reply.status()}`).toBe(true);
    return reply.json();
  };
  const { id } = await post(admin, "/api/teams", { name });
  for (const member of members) {
    const { url } = await post(admin, `/api/teams/${id}/invites`, { role: "member" });
    await post(member, "/api/invites/accept", { token: new URL(url).hash.slice(1) });
  }
  return id;
}

/** Stores a secret through the API. */
export async function store(page: Page, key: string, value: string, teamId?: string): Promise<void> {
  const reply = await page.request.post("/api/vault", { data: { key, value, team_id: teamId } });
  expect(reply.ok()).toBe(true);
}

/** Pastes a text with the keyboard, after it was copied, byte for byte, in the same page. */
export async function paste(field: Locator, text: string): Promise<void> {
  await field.focus();
  await field.evaluate((_, text) => {
    const copy = (event: ClipboardEvent) => {
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
    };
    document.addEventListener("copy", copy, { once: true, capture: true });
    if (!document.execCommand("copy")) throw new Error("The browser doesn't let the page copy.");
  }, text);
  await field.press("ControlOrMeta+V");
}

/** What the clipboard holds: pasted into a field, because to read it takes a permission that not all browsers have. */
export async function clipboardText(page: Page): Promise<string> {
  await page.evaluate(() => {
    document.body.append(Object.assign(document.createElement("textarea"), { id: "pasted" }));
  });
  await page.locator("#pasted").press("ControlOrMeta+V");
  return page.locator("#pasted").inputValue();
}

/** The vault panel, by what a person sees of it. */
export class VaultPanel {
  readonly page: Page;
  readonly status;
  constructor(page: Page) {
    this.page = page;
    // The search's own comes first.
    this.status = this.panel.getByRole("status").last();
  }

  get panel() {
    return this.page.getByRole("region", { name: /^(Your|.+'s?) keys$/ });
  }

  row(key: string) {
    return this.panel.getByRole("listitem").filter({ hasText: key });
  }

  value(key: string) {
    return this.panel.getByRole("group", { name: `The value of ${key}` });
  }

  /** Opens the dialog to add a secret. */
  async openAdd(): Promise<Locator> {
    await this.panel.getByRole("button", { name: "Add a secret" }).click();
    return this.page.getByRole("dialog", { name: "Add a secret" });
  }

  /** Opens the dialog to import a file. */
  async openImport(): Promise<Locator> {
    await this.panel.getByRole("button", { name: "Import a .env file" }).click();
    return this.page.getByRole("dialog", { name: "Import a .env file" });
  }

  async add(key: string, value: string, description?: string): Promise<void> {
    const dialog = await this.openAdd();
    await dialog.getByLabel("Key name").fill(key);
    await dialog.getByLabel("Value", { exact: true }).fill(value);
    if (description) await dialog.getByLabel("Description").fill(description);
    await dialog.getByRole("button", { name: /Add secret|Replace the value/ }).click();
    await expect(dialog).toBeHidden();
  }

  /** The button of a row's menu. */
  more(key: string) {
    return this.panel.getByRole("button", { name: `More actions for ${key}`, exact: true });
  }

  /** Chooses from a row's menu. */
  async choose(key: string, entry: string): Promise<void> {
    await this.more(key).click();
    await this.page.getByRole("menuitem", { name: entry, exact: true }).click();
  }

  /** Opens and closes what is loaded after the page, so that it's there without a network. */
  async loadParts(key: string): Promise<void> {
    for (const [entry, role] of [
      ["Delete", "alertdialog"],
      ["Edit", "dialog"],
    ] as const) {
      await this.choose(key, entry);
      await expect(this.page.getByRole(role)).toBeVisible();
      await this.page.keyboard.press("Escape");
      await expect(this.page.getByRole(role)).toBeHidden();
    }
  }

  async show(key: string): Promise<void> {
    await this.choose(key, "Show");
  }

  /** Asks the provider. Who can do nothing else with a key has a button for that, and no menu. */
  async check(key: string): Promise<void> {
    await expect(this.row(key)).toBeVisible();
    const button = this.panel.getByRole("button", { name: `Check ${key}`, exact: true });
    if ((await button.count()) > 0) await button.click();
    else await this.choose(key, "Check");
  }

  async hide(key: string): Promise<void> {
    await this.panel.getByRole("button", { name: `Hide the value of ${key}` }).click();
  }

  async copy(key: string): Promise<void> {
    await this.panel.getByRole("button", { name: `Copy the value of ${key}` }).click();
  }

  /** Deletes it and waits for the server's answer, which the list does not: the row is gone at once. */
  async remove(key: string): Promise<void> {
    await this.choose(key, "Delete");
    const dialog = this.page.getByRole("alertdialog", { name: `Delete ${key}?` });
    const asked = this.page.waitForRequest((request) => request.method() === "DELETE");
    await dialog.getByRole("button", { name: "Delete" }).click();
    await expect(dialog).toBeHidden();
    await (await asked).response();
  }
}

/** The webhooks' panel, by what a person sees of it. */
export class WebhookPanel {
  readonly page: Page;
  readonly dialog;
  constructor(page: Page) {
    this.page = page;
    this.dialog = page.getByRole("dialog");
  }

  get panel() {
    return this.page.getByRole("region", { name: /^(Your|.+'s?) webhooks$/ });
  }

  get rows() {
    return this.panel.getByRole("listitem");
  }

  /** A button of the first row, or of the one with this text; a notice below may have the same one again. */
  button(name: RegExp, hasText: string | RegExp = /./) {
    return this.rows.filter({ hasText }).first().getByRole("button", { name }).first();
  }

  /** Adds one, and leaves the dialog with its signing secret open. */
  async add(url: string): Promise<string> {
    await this.panel.getByRole("button", { name: "Add a webhook" }).click();
    await this.dialog.getByLabel("Address").fill(url);
    await this.dialog.getByRole("button", { name: "Add webhook" }).click();
    return this.dialog.getByLabel("Signing secret").inputValue();
  }

  async done(): Promise<void> {
    await this.dialog.getByRole("button", { name: "Done" }).click();
    await expect(this.dialog).toBeHidden();
  }

  /** Adds one through the API, with its signing secret, and shows it. */
  async given(settings: { url: string; description?: string; team_id?: string }) {
    const reply = await this.page.request.post("/api/webhooks", { data: settings });
    expect(reply.status()).toBe(201);
    await loadAnew(this.page);
    return (await reply.json()) as { id: string; secret: string };
  }
}

/** The Reveal panel, by what a person sees of it. */
export class RevealPanel {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  get panel() {
    return this.page.getByRole("region", { name: "Reveal" });
  }

  /** The line that says who will pay. */
  get payer() {
    return this.panel.getByTestId("payer");
  }

  get alert() {
    return this.panel.getByRole("alert");
  }

  get prompt() {
    return this.panel.getByLabel("Prompt", { exact: true });
  }

  /** The answer that is shown below the form. */
  get answer() {
    return this.panel.getByRole("region", { name: "Answer" });
  }

  /** The list of what was run. */
  get runs() {
    return this.panel.getByRole("region", { name: "Latest runs" });
  }

  /** The lines of that list. */
  get lines() {
    return this.runs.locator("li:has(> [data-run])");
  }

  /** Where the model is chosen, in the form that is open. */
  get model() {
    return this.panel.getByRole("combobox", { name: "Model" });
  }

  /** The button that runs, or what it is while something runs. */
  button(name = "Run") {
    return this.panel.getByRole("button", { name, exact: true });
  }

  async run(prompt = "Hello"): Promise<void> {
    await this.prompt.fill(prompt);
    await this.button().click();
  }
}

/** `account` is somebody new, who is on the dashboard in `page`; `vault` is the same, by its vault panel. */
export const test = base.extend<{ account: Account; vault: VaultPanel }>({
  account: async ({ page }, use) => {
    await use(await newcomer(page));
  },
  vault: async ({ page }, use) => {
    await newcomer(page);
    await use(new VaultPanel(page));
  },
});

/**
 * What the provider's stand-in received with this key.
 *
 * @param text only requests that hold it: the platform's key is used by other tests at the same time
 */
export async function receivedWith(key: string, text = ""): Promise<RecordedRequest[]> {
  const reply = await fetch(`${ANTHROPIC_URL}/__requests`, { headers: { "x-api-key": key } });
  const requests: RecordedRequest[] = await reply.json();
  return requests.filter(({ body }) => JSON.stringify(body).includes(text));
}

/**
 * Fails with what axe finds against WCAG 2.2 AA, in the light and in the dark theme. In Chromium only: the document
 * is the same elsewhere, and Firefox 140 cannot be switched to another theme.
 */
export async function expectAccessible(page: Page): Promise<void> {
  if (page.context().browser()?.browserType().name() !== "chromium") return;
  // After a navigation or an action, Next sets the title a moment later.
  await expect(page).toHaveTitle(/\S/);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // Once in the document, axe stays there. The builder would send and parse its half a megabyte twice each time.
    if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
    // All in one go. Else the results are put together in a further page, which matters for foreign frames only.
    // What passes is not put into words: only violations are read.
    const builder = new AxeBuilder({ page, axeSource: "0" })
      .setLegacyMode()
      .options({ resultTypes: ["violations"] });
    if (colorScheme === "light")
      builder.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
    // The document is the same in both themes, and only what these look at differs.
    else builder.withRules(["color-contrast", "link-in-text-block"]);
    const { violations } = await builder.analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join("\n  ")}`);
    expect(found, `axe, ${colorScheme} theme`).toEqual([]);
  }
}

export { expect };

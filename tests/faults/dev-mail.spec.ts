import { cpSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { createClient } from "@supabase/supabase-js";
import { expectAccessible } from "../e2e/fixtures";
import { APP_ENV } from "../support/app-env";
import { TEST_PUBLISHABLE_KEY } from "../support/keys";
import { mailsTo, waitForMail } from "../support/mailbox";
import { APP_PORT, APP_URL, SUPABASE_URL } from "../support/ports";
import { dataFolder, run, until } from "./servers";

// What no production build has: the page of `npm run dev` with the mails that the embedded Supabase caught.

const folder = dataFolder();
test.beforeAll(() => {
  if (!process.env.FAULTS_TEMPLATE) throw new Error("There is no template: see tests/faults/template.ts.");
  cpSync(process.env.FAULTS_TEMPLATE, join(folder.path, "dev"), { recursive: true });
});
test.afterAll(() => folder.remove());

/** The status of the page for who reaches it under another name. */
const statusFor = (host: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    request({ host: "127.0.0.1", port: APP_PORT, path: "/dev/mail", headers: { Host: host } }, (reply) => {
      reply.resume();
      resolve(reply.statusCode);
    })
      .on("error", reject)
      .end();
  });

test("a newcomer finds the mail that was caught in the terminal and on a page", async ({ page }) => {
  const program = run(process.execPath, ["scripts/start.ts", "dev"], {
    ...APP_ENV,
    NODE_ENV: "development",
    EMBEDDED_DATA_DIR: folder.path,
  });
  try {
    await until("The app does not start", () => program.output().includes("Command Center is at"), program);
    expect(program.output()).toContain(
      `✓ No mail is sent: its links are printed here, and every message is at ${APP_URL}/dev/mail`,
    );
    await page.goto("/dev/mail");
    await expect(page.getByText("No mail yet.")).toBeVisible();
    await expectAccessible(page);

    const { auth } = createClient(SUPABASE_URL, TEST_PUBLISHABLE_KEY, { auth: { persistSession: false } });
    const email = "ada@example.com";
    await auth.signUp({ email, password: "a-long-test-password" });
    await auth.resetPasswordForEmail(email);
    const { link } = await waitForMail(email, "Reset your password");
    expect(program.output()).toContain(`✉ Reset your password, for ${email}: ${link}\n`);
    expect(await mailsTo("nobody@example.com")).toEqual([]);

    await page.getByRole("link", { name: "Refresh" }).click();
    const mail = page.getByRole("listitem").filter({ hasText: "Reset your password" });
    await expect(mail.getByText(`To ${email}`)).toBeVisible();
    await expect(mail.getByRole("link")).toHaveAttribute("href", link);
    for (const width of [320, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await expectAccessible(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
    // Another mail is there once its reader comes back.
    await auth.signInWithOtp({ email });
    await waitForMail(email, "Get back");
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await expect(page.getByRole("listitem")).toHaveCount(2);

    expect(await statusFor(new URL(APP_URL).host)).toBe(200);
    for (const host of [`evil.example:${APP_PORT}`, "localhost", `127.0.0.1:${APP_PORT}`]) {
      expect(await statusFor(host), host).toBe(404);
    }
  } finally {
    await program.kill();
  }
});

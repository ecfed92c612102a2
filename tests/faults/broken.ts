import { test as base, expect } from "@playwright/test";
import { logLine } from "../../lib/vault/http/log";
import { securityLine } from "../../lib/vault/http/security-log";
import type { Person } from "../e2e/api/client";
import { startAnthropicStandIn } from "../support/anthropic-standin";
import { ANTHROPIC_PORT, APP_URL, PROXY_PORT, PROXY_URL, SUPABASE_URL } from "../support/ports";
import { type FaultProxy, startFaultProxy } from "./fault-proxy";
import { dataFolder, fillWithTemplate, type Running, startApp, startDatabase } from "./servers";

/** The app on a Supabase that breaks when it is told to. */
export interface Broken {
  app: Running;
  proxy: FaultProxy;
  /** Closes the provider's port. */
  stopProvider(): Promise<void>;
  /** Opens it again. */
  startProvider(): Promise<void>;
}

/** `broken` is one for all tests of a file's worker, whole again after each test. */
export const test = base.extend<{ whole: undefined }, { broken: Broken }>({
  // Other ports in each worker, which the configuration cannot know.
  baseURL: APP_URL,
  broken: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants it
    async ({}, use) => {
      const folder = dataFolder();
      fillWithTemplate(folder.path);
      const open = () => startAnthropicStandIn({ port: ANTHROPIC_PORT, inspect: true });
      let provider = await open();
      const database = await startDatabase(folder.path);
      const proxy = await startFaultProxy(PROXY_PORT, SUPABASE_URL);
      const app = await startApp(PROXY_URL);
      await use({
        app,
        proxy,
        stopProvider: () => provider.close(),
        startProvider: async () => {
          provider = await open();
        },
      });
      await app.kill();
      await proxy.close();
      await database.kill();
      await provider.close();
      folder.remove();
    },
    { scope: "worker", timeout: 300_000 },
  ],
  whole: [
    async ({ broken }, use) => {
      await use(undefined);
      broken.proxy.heal();
    },
    { auto: true },
  ],
});

/**
 * Waits until the app has also done what comes after its replies to a person's changes: it looks for webhooks to tell.
 * A fault that begins before would be met by that, too.
 */
export async function afterChanges({ proxy }: Broken, { id }: Person, changes: number): Promise<void> {
  const told = () =>
    proxy
      .over()
      .filter(
        (request) => /^GET .*\/webhooks\?.*pause_reason=is\.null/.test(request) && request.includes(id),
      );
  await expect.poll(() => told().length).toBe(changes);
}

/**
 * What the app's log says of a piece of work, once it is done.
 *
 * @param level of failures, or of refusals
 * @returns its lines of that level, each with allowed members only
 * @throws Error for a line that is none of the log's own
 */
export async function logOf(
  app: Running,
  work: () => Promise<unknown>,
  level: "error" | "warning" = "error",
): Promise<Record<string, unknown>[]> {
  const before = app.output().length;
  await work();
  return linesOf(app.output().slice(before)).filter((line) => line.level === level);
}

/** The lines of an app's output, each with allowed members only. */
export const linesOf = (output: string) =>
  output
    .split("\n")
    .filter(Boolean)
    .map((line) => logLine.strict().or(securityLine.strict()).parse(JSON.parse(line)));

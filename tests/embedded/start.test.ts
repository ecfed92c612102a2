import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PATIENCE_MS } from "../support/patience.ts";
import { ROOT } from "./support.ts";

/** Runs the launcher to its end; an empty variable hides one of a developer's `.env.local`. */
function start(mode: string, env: Record<string, string>) {
  const keys = {
    NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: "",
    NEXT_PUBLIC_SUPABASE_ANON_KEY: "",
    SUPABASE_SECRET_KEY: "",
    SUPABASE_SERVICE_ROLE_KEY: "",
  };
  return spawnSync(process.execPath, [join(ROOT, "scripts/start.ts"), mode], {
    env: { ...process.env, NODE_ENV: "development", PORT: "", ...keys, ...env },
    encoding: "utf8",
    timeout: PATIENCE_MS,
  });
}

test("a hosted Supabase without its keys is one sentence that names them", () => {
  const { status, stderr } = start("dev", { NEXT_PUBLIC_SUPABASE_URL: "https://x.supabase.co" });
  expect(status).toBe(1);
  expect(stderr).toBe(
    "✗ NEXT_PUBLIC_SUPABASE_URL is set, but NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY and SUPABASE_SECRET_KEY are not. " +
      "Copy what is missing from the API keys page of your Supabase project.\n",
  );
});

test("an unusable PORT is one sentence", () => {
  const { status, stderr } = start("dev", { PORT: "http" });
  expect(status).toBe(1);
  expect(stderr).toBe(`✗ PORT is "http", which isn't a port number from 1 to 65535.\n`);
});

test("the demo does not touch a hosted Supabase", () => {
  const { status, stderr } = start("demo", { NEXT_PUBLIC_SUPABASE_URL: "https://x.supabase.co" });
  expect(status).toBe(1);
  expect(stderr).toContain("The demo starts its own Supabase");
});

test.skipIf(existsSync(join(ROOT, ".next/BUILD_ID")))("start without a build says to build first", () => {
  const { status, stderr } = start("start", {});
  expect(status).toBe(1);
  expect(stderr).toBe("✗ There is no build to start. Run `npm run build` first.\n");
});

test("an unknown command is answered with the known ones", () => {
  const { status, stderr } = start("serve", {});
  expect(status).toBe(2);
  expect(stderr).toBe("Usage: node scripts/start.ts dev|start|demo\n");
});

import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createClient } from "@supabase/supabase-js";
import { inject, onTestFinished, vi } from "vitest";
import type { SessionUser } from "../../lib/vault/session/session.ts";
import type { Owner } from "../../lib/vault/types.ts";
import { type EmbeddedOptions, startEmbedded } from "../../scripts/embedded/server.ts";
import type { Database } from "../../types/database.ts";
import { TEST_MASTER_KEY, TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../support/keys.ts";
import { optionsFor } from "./template.ts";

/** A port where nothing listens: port 1 is reserved, and no test machine serves it. */
const NOWHERE = "http://127.0.0.1:1";

/** What a test may have added to the project's migrations: functions that act as the database's owner. */
export const OWNER_FUNCTIONS = resolve(import.meta.dirname, "owner");

/**
 * A real database with the project's migrations, behind the same API as in production.
 *
 * @param from the folder that it begins as a copy of; an empty database's by default
 * @param more what its options have that others' do not
 */
export async function startDatabase(from = inject("template"), more: Partial<EmbeddedOptions> = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), "vault-service-"));
  cpSync(from, dataDir, { recursive: true });
  const supabase = await startEmbedded({ ...optionsFor(dataDir), ...more });
  const options = { auth: { persistSession: false, autoRefreshToken: false } };
  const admin = createClient<Database>(supabase.url, TEST_SECRET_KEY, options);
  let people = 0;
  return {
    admin,
    /** Signs in somebody whom `person` signed up: 1 is the first. */
    async signIn(number: number) {
      const { auth } = createClient(supabase.url, TEST_PUBLISHABLE_KEY, options);
      return auth.signInWithPassword({
        email: `person-${number}@example.com`,
        password: "a-long-test-password",
      });
    },
    /** Signs up a person; their id. */
    async person(): Promise<string> {
      people += 1;
      const { auth } = createClient(supabase.url, TEST_PUBLISHABLE_KEY, options);
      const email = `person-${people}@example.com`;
      const { data, error } = await auth.signUp({ email, password: "a-long-test-password" });
      if (error || !data.user) throw error ?? new Error("no user");
      return data.user.id;
    },
    /** Removes the check value of the master key. Its migrations have to include {@link OWNER_FUNCTIONS}. */
    async forgetCheckValue(): Promise<void> {
      // Of tests alone, so that the types of the database do not have it.
      await createClient(supabase.url, TEST_SECRET_KEY, options).rpc("forget_check_value").throwOnError();
    },
    /** Makes a team of these members; its id. */
    async team(members: Record<string, "admin" | "member">): Promise<string> {
      const { data } = await admin
        .from("teams")
        .insert({ name: "Team" })
        .select("id")
        .single()
        .throwOnError();
      for (const [user_id, role] of Object.entries(members)) {
        await admin.from("team_members").insert({ team_id: data.id, user_id, role }).throwOnError();
      }
      return data.id;
    },
    /** The vault's service as a fresh server process has it, with these differences in its environment. */
    async service(
      changes: {
        platformKey?: string;
        fallback?: "off";
        down?: boolean;
        dailyTokens?: number;
        /** As in the environment; 5 a day by default. */
        dailyUsd?: string;
        monthlyUsd?: string;
        /** Addresses, with commas between them. */
        operators?: string;
        provider?: string;
        allowPrivate?: boolean;
      } = {},
    ) {
      vi.resetModules();
      // Next alone knows when a reply is sent. Here, what comes after it is begun at once.
      vi.doMock("../../lib/auth/session.ts", () => ({
        getSessionUser: async () => {
          const who = signedIn();
          return typeof who === "string" ? { id: who, email: "" } : who;
        },
      }));
      vi.doMock("next/server", () => ({ after: (work: () => Promise<void>) => void work() }));
      vi.stubEnv("NEXT_PUBLIC_SUPABASE_URL", changes.down ? NOWHERE : supabase.url);
      vi.stubEnv("NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY", TEST_PUBLISHABLE_KEY);
      vi.stubEnv("SUPABASE_SECRET_KEY", TEST_SECRET_KEY);
      vi.stubEnv("VAULT_MASTER_KEY", TEST_MASTER_KEY);
      vi.stubEnv("ANTHROPIC_API_KEY", changes.platformKey);
      vi.stubEnv("VAULT_ENV_FALLBACK", changes.fallback);
      // Routes are called without a request of Next's, which alone has cookies.
      vi.stubEnv("VAULT_CONFIRM_MINUTES", "0");
      vi.stubEnv("PLATFORM_DAILY_TOKENS", changes.dailyTokens?.toString());
      vi.stubEnv("PLATFORM_DAILY_USD", changes.dailyUsd);
      vi.stubEnv("PLATFORM_MONTHLY_USD", changes.monthlyUsd);
      vi.stubEnv("OPERATOR_EMAILS", changes.operators);
      vi.stubEnv("ANTHROPIC_BASE_URL", changes.provider);
      vi.stubEnv("WEBHOOKS_ALLOW_PRIVATE", changes.allowPrivate ? "on" : undefined);
      return import("../../lib/vault/service.ts");
    },
    /** Has an owner hold a key, whatever its value; nothing else is done. The service has to be there already. */
    async hold(owner: Owner, key: string, value: string): Promise<void> {
      const { seal } = await import("../../lib/vault/seal.ts");
      const encrypted_value = await seal(owner, key, value);
      const row = {
        owner_type: owner.type,
        owner_id: owner.id,
        key,
        encrypted_value,
        category: "LLM" as const,
      };
      await admin.from("vault_secrets").upsert(row, { onConflict: "owner_type,owner_id,key" }).throwOnError();
    },
    /** Ends it, and removes its folder; `keepAs` is where a copy of that is made before. */
    async close(keepAs?: string): Promise<void> {
      await supabase.close();
      if (keepAs) cpSync(dataDir, keepAs, { recursive: true });
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * Has what is asked of the database's API answered by a test, until that ends; all else, such as a remote `encrypt()`,
 * stays as it is.
 *
 * @param answer is given the method, `pass`, which asks the database itself, and the path
 */
export function interceptDatabase(
  answer: (method: string, pass: () => Promise<Response>, path: string) => Promise<Response>,
): void {
  onTestFinished(() => void vi.unstubAllGlobals());
  const real = globalThis.fetch;
  vi.stubGlobal("fetch", (...[input, init]: Parameters<typeof fetch>) => {
    const pass = () => real(input, init);
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    return pathname.startsWith("/rest/v1/") ? answer(init?.method ?? "GET", pass, pathname) : pass();
  });
}

/** Has the database fail at every statement that is asked for with this method, as one does that takes too long. */
export function failStatements(failing: string): void {
  interceptDatabase(async (method, pass) =>
    method === failing ? Response.json({ code: "57014" }, { status: 500 }) : pass(),
  );
}

type Viewer = string | Partial<SessionUser> | null;

let signedIn = (): Viewer => {
  throw new Error("Nobody is signed in.");
};

/**
 * Makes requests somebody's, which Next alone could tell. Those with a body need a cookie, whatever it says.
 *
 * @param who an id, a session's user, or null for nobody
 */
export function signInAs(who: () => Viewer): void {
  signedIn = who;
}

import "server-only";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { cookies, headers } from "next/headers";
import { connection } from "next/server";
import { vaultProblem } from "@/lib/vault/errors";
import { databaseFetch } from "@/lib/vault/http/database-fetch";
import { siteOrigin } from "@/lib/vault/http/site";
import { clientAddress } from "@/lib/vault/session/client-address";
import { defaultCookieName } from "@/lib/vault/session/cookies";
import { openSession, readUser } from "@/lib/vault/session/session";
import { readCiphertext, readCiphertextToShow } from "@/lib/vault/store";
import type {
  Candidates,
  SecretChange,
  SecretCheck,
  SecretUse,
  TeamRole,
  VaultSettings,
} from "@/lib/vault/types";

// Everything that the vault knows about your app, and the only one of its files that you should change. By default, it's
// for Supabase Auth with cookie sessions (@supabase/ssr), without teams.

/** The request header that has the client's address on your platform. Nothing else may be able to set it. */
const { CLIENT_ADDRESS_HEADER } = process.env;

/**
 * Who is signed in, by the session cookie alone. Asks the auth server each time, so that a session that was signed
 * out elsewhere stops immediately.
 *
 * @returns null for nobody; `id` is a UUID
 * @throws Problem auth_unavailable if the auth server doesn't say
 */
export async function getUser(): Promise<{ id: string } | null> {
  // Who it is depends on the time, which apps with cached components may only ask for while a request waits.
  await connection();
  const [store, sent] = await Promise.all([cookies(), headers()]);
  const url = required("NEXT_PUBLIC_SUPABASE_URL");
  const session = openSession({
    url,
    publishableKey: required("NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY", "NEXT_PUBLIC_SUPABASE_ANON_KEY"),
    secretKey: required("SUPABASE_SECRET_KEY", "SUPABASE_SERVICE_ROLE_KEY"),
    // As your own Supabase clients name and set it. With `sessionCookie(url, settings().siteOrigin)` here and in all of
    // them, no other host under your domain can put a session of its own into your people's browsers.
    cookieOptions: { name: defaultCookieName(url) },
    cookieHeader: sent.get("cookie"),
    clientAddress: clientAddress(sent, CLIENT_ADDRESS_HEADER || undefined),
    setCookies(changes) {
      try {
        for (const { name, value, options } of changes) store.set(name, value, options);
      } catch {
        // Pages can't set cookies; your proxy.ts renews the session before they render.
      }
    },
  });
  return readUser(session);
}

/**
 * A person's role in a team, read at each call: "member" may use the team's keys and see their names, "admin" may also see,
 * set, and delete them.
 *
 * @param userId UUID of the person who is signed in
 * @param teamId UUID from the request, possibly of no team at all
 * @returns null for people who aren't in the team. With null for everyone, there are no teams
 */
export const getTeamRole: (userId: string, teamId: string) => Promise<TeamRole | null> = async () => null;

/**
 * The ciphertexts that a person may use while they work in a team: their own, and the team's if they are in it now.
 * A function in your database can do that in one request; this makes three in parallel, for any kind of teams.
 */
export async function readCandidates(userId: string, teamId: string, key: string): Promise<Candidates> {
  const [user, team, role] = await Promise.all([
    readCiphertext({ type: "user", id: userId }, key),
    readCiphertext({ type: "team", id: teamId }, key),
    getTeamRole(userId, teamId),
  ]);
  return { user, team: role === null ? null : team };
}

/**
 * Requires more than a session before a value is revealed. A stolen session can then use keys, but can't steal them. By
 * default, no more is required. To require it, throw `vaultProblem("confirmation_required")` unless the person has entered
 * their password within the last minutes, and have a page of yours pass `setConfirmer()` (lib/vault/http/confirmer.ts) what
 * asks for it; without one, the panel shows the error's sentence.
 *
 * @param user as `getUser` returned them, once it's known that they may
 * @throws Problem confirmation_required
 */
export const requireConfirmation: (user: { id: string }) => Promise<void> = async () => {};

// Spread, so that it compiles with a supabase-js that doesn't know it yet.
const NEWER = { retry: false };
let client: SupabaseClient | undefined;

/** The client with the secret key, which bypasses row-level security. */
export function adminClient(): SupabaseClient {
  client ??= createClient(
    required("NEXT_PUBLIC_SUPABASE_URL"),
    required("SUPABASE_SECRET_KEY", "SUPABASE_SERVICE_ROLE_KEY"),
    {
      db: { schema: "public", ...NEWER },
      auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
      global: { fetch: databaseFetch },
    },
  );
  return client;
}

/** What the operator has set. */
export function settings(): VaultSettings {
  const { ANTHROPIC_BASE_URL } = process.env;
  return {
    siteOrigin: siteOrigin(process.env),
    // The keys that you lend to people without their own, by name. You pay for those.
    platformKeys: new Map(),
    clientAddressHeader: CLIENT_ADDRESS_HEADER || undefined,
    // Where Anthropic keys are checked, if you call Anthropic through a gateway.
    anthropicBaseUrl: ANTHROPIC_BASE_URL || undefined,
  };
}

/**
 * Reads the ciphertext of a value that someone asked to see, to copy (`isCopy`), or to check with its provider, if they may;
 * null if there is none. A function in your database can check the role and read in one statement, so that nobody is removed
 * in between. The place for an audit trail: if this throws, nobody gets the value.
 *
 * @throws Problem team_not_found, team_role_required, secret_use_only
 */
export async function readIfAllowed({ userId, owner, key, action }: SecretUse): Promise<string | null> {
  if (owner.type === "team") {
    const role = await getTeamRole(userId, owner.id);
    if (role === null) throw vaultProblem("team_not_found");
    if (action !== "checked" && role !== "admin") throw vaultProblem("team_role_required");
  }
  return action === "checked" ? readCiphertext(owner, key) : readCiphertextToShow(owner, key);
}

/** Called after a change is stored, with what was done to each secret. Must not throw. */
export const afterChange: (change: SecretChange) => Promise<void> = async () => {};

/** Called after a provider has replied about a key that someone checked. Must not throw. */
export const afterCheck: (check: SecretCheck) => Promise<void> = async () => {};

/** The first of these environment variables that is set. */
function required(...names: [string, ...string[]]): string {
  const value = names.map((name) => process.env[name]).find(Boolean);
  if (!value) throw new Error(`${names[0]} is missing in the environment.`);
  return value;
}

/** Which of Supabase's two keys is meant: the one that browsers may have, or the one that bypasses row-level security. */
export type SupabaseKeyKind = "publishable" | "secret";

/** The variables that may hold each key. The second names are those of projects with legacy keys. */
export const KEY_VARIABLES = {
  publishable: ["NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY", "NEXT_PUBLIC_SUPABASE_ANON_KEY"],
  secret: ["SUPABASE_SECRET_KEY", "SUPABASE_SERVICE_ROLE_KEY"],
} as const satisfies Record<SupabaseKeyKind, readonly string[]>;

/** A key as the environment has it. */
export interface FoundKey {
  kind: SupabaseKeyKind;
  /** Of {@link KEY_VARIABLES}. */
  variable: string;
  key: string;
}

/** The key of the first variable that is set and not empty; undefined if none is. */
export function findKey(
  kind: SupabaseKeyKind,
  source: Readonly<Record<string, string | undefined>>,
): FoundKey | undefined {
  const variable = KEY_VARIABLES[kind].find((name) => source[name]);
  const key = variable && source[variable];
  return key ? { kind, variable, key } : undefined;
}

/**
 * Checks the keys of an environment, as far as they are set.
 *
 * @throws Error that says what to do about each key that {@link explainKey} finds wrong
 */
export function requireRightKeys(source: Readonly<Record<string, string | undefined>>): void {
  const found = [findKey("publishable", source), findKey("secret", source)];
  const { NEXT_PUBLIC_SUPABASE_URL: url = "" } = source;
  const complaints = found.flatMap((key) => (key && explainKey(key, url)) ?? []);
  if (complaints.length > 0) throw new Error(complaints.join(" "));
}

/** What a text is by its form. A legacy key is a JWT; nobody has verified its claims. */
type Form =
  | { is: SupabaseKeyKind | "access token" | "padded" | "incomplete" | "unknown" }
  | { is: "legacy"; claims: Record<string, unknown> };

// https://supabase.com/docs/guides/api/api-keys
const PREFIXES = [
  ["sb_publishable_", "publishable"],
  ["sb_secret_", "secret"],
  ["sbp_", "access token"],
] as const;

const REVOKE = "If it was deployed, revoke it.";
const REPLACE = "If it was deployed, replace that key in Supabase.";

const LEGACY_ROLES = { publishable: "anon", secret: "service_role" } as const;

/** The name of a hosted project is the first part of its host name, and the claim `ref` of its legacy keys. */
const HOSTED = /^([a-z0-9]+)\.supabase\.co$/;

function formOf(key: string): Form {
  if (/^[\s"'`]|[\s"'`]$/.test(key)) return { is: "padded" };
  const [prefix, is] = PREFIXES.find(([begin]) => key.startsWith(begin)) ?? [];
  // The dashboard shows a secret key with its end masked.
  if (prefix) return { is: /^[\w-]+$/.test(key.slice(prefix.length)) ? is : "incomplete" };
  const [, payload] = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(key) ?? [];
  if (!payload) return { is: "unknown" };
  try {
    return { is: "legacy", claims: Object(JSON.parse(Buffer.from(payload, "base64url").toString())) };
  } catch {
    return { is: "unknown" };
  }
}

/** Whether a text is a key that bypasses row-level security, by its form; a legacy one too. */
export function isSecretKey(text: string): boolean {
  const form = formOf(text);
  if (form.is !== "legacy") return form.is === "secret";
  const { role } = form.claims;
  return role === LEGACY_ROLES.secret;
}

/**
 * Whether a client's address may be sent along with this secret key: only the new form is trusted with that.
 * https://supabase.com/docs/guides/auth/rate-limits
 */
export const forwardsAddress = (secretKey: string): boolean => secretKey.startsWith("sb_secret_");

/**
 * Says what is wrong with a key of Supabase where that can be seen without asking: that it's another kind of key, isn't
 * complete, has expired, or belongs to another project. It says nothing of whether Supabase accepts it.
 *
 * @param url Supabase's address
 * @param now milliseconds since 1970
 * @returns what to do, for the operator, with the variable's name and never any of the key; null if nothing is wrong
 * @example
 * explainKey({ kind: "secret", variable: "SUPABASE_SECRET_KEY", key: "sb_publishable_…" }, url);
 * // "SUPABASE_SECRET_KEY contains a publishable key. Set it to the secret key (sb_secret_…)."
 */
export function explainKey({ kind, variable, key }: FoundKey, url: string, now = Date.now()): string | null {
  const remedy = `Set it to the ${kind} key (sb_${kind}_…).`;
  const form = formOf(key);
  switch (form.is) {
    case kind:
      return null;
    case "padded":
      return `${variable} has quotes or white space around the key. Remove them.`;
    case "incomplete":
      return `${variable} contains only part of a key, or a masked one. Copy the whole key.`;
    case "secret":
      return exposed(variable, "a secret key", remedy);
    case "publishable":
      return `${variable} contains a publishable key. ${remedy}`;
    case "access token":
      return `${variable} contains a personal access token, which manages your Supabase account. ${REVOKE} ${remedy}`;
    case "legacy":
      return explainLegacy(form.claims, { kind, variable, remedy, url, now });
    // A server of your own may have keys of any form.
    default:
      return null;
  }
}

interface Place {
  kind: SupabaseKeyKind;
  variable: string;
  remedy: string;
  url: string;
  now: number;
}

function explainLegacy({ role, exp, ref }: Record<string, unknown>, place: Place): string | null {
  const { kind, variable, remedy, url, now } = place;
  const expected = LEGACY_ROLES[kind];
  if (kind === "publishable" && role === LEGACY_ROLES.secret) {
    return exposed(variable, "the legacy service_role key", remedy);
  }
  if (role !== expected) {
    return `${variable} contains a JWT whose role isn't ${expected}. ${remedy}`;
  }
  if (typeof exp === "number" && exp * 1000 <= now) {
    return `${variable} contains a legacy key that has expired. ${remedy}`;
  }
  const [, project] = (URL.canParse(url) && HOSTED.exec(new URL(url).hostname)) || [];
  if (project && typeof ref === "string" && ref !== project) {
    return `${variable} contains a legacy key of another project than NEXT_PUBLIC_SUPABASE_URL. ${remedy}`;
  }
  return null;
}

const exposed = (variable: string, what: string, remedy: string) =>
  `${variable} contains ${what}, but Next.js may send a NEXT_PUBLIC_ variable to every browser. ${REPLACE} ${remedy}`;

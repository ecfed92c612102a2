import type { CheckFacts } from "../../lib/vault/types.ts";
import type { Person } from "./people.ts";
import { daysAgo, type Place } from "./place.ts";

/** A key of the demo. Its value is no key: anyone can see that, and no provider would take it. */
interface DemoKey {
  key: string;
  value: string;
  description?: string;
  /** Since it was added. */
  days: number;
  useOnly?: true;
  /** In how many days it expires. */
  expiresIn?: number;
  /** What its provider said about the account when it was checked yesterday. */
  facts?: CheckFacts;
}

// The words "refused" and "nocredit" in a key steer the provider's stand-in.
const anthropic = (what: string, end: string) => `sk-ant-api03-EXAMPLE-NOT-REAL-${what}-000000000000${end}`;

const NO_PASSWORD = "EXAMPLE-NOT-REAL";

/** Sam's own: in use, old, and one that cannot be read. */
export const OWN_KEYS: readonly DemoKey[] = [
  {
    key: "ANTHROPIC_API_KEY",
    value: anthropic("works", "k3Qd"),
    description: "Reveal, on my own account",
    days: 12,
  },
  {
    key: "OPENAI_API_KEY",
    value: "sk-EXAMPLE-NOT-REAL-00000000mB7x",
    description: "Evaluation runs",
    days: 140,
  },
  {
    key: "GITHUB_TOKEN",
    value: "ghp_EXAMPLENOTREAL0000000000Zt5w",
    description: "Reads the team's repositories",
    days: 45,
    expiresIn: 9,
    facts: { account: "sam-example" },
  },
  { key: "RESEND_API_KEY", value: "re_EXAMPLE_NOT_REAL_000pG2n", description: "Weekly report", days: 3 },
  {
    key: "SENTRY_AUTH_TOKEN",
    value: "sntrys_EXAMPLE_NOT_REAL_0R8cf",
    description: "From a damaged backup: can't be read",
    days: 200,
  },
];
/** What is stored of it gets damaged. */
export const UNREADABLE = "SENTRY_AUTH_TOKEN";

/** Robin's own, none of which Reveal uses. */
export const MEMBER_KEYS: readonly DemoKey[] = [
  { key: "HF_TOKEN", value: "hf_EXAMPLENOTREAL000000000000Hy4s", description: "Model downloads", days: 21 },
];

/** The team's. Sam's own ANTHROPIC_API_KEY overrides the first; Robin's runs use it. */
export const TEAM_KEYS: readonly DemoKey[] = [
  {
    key: "ANTHROPIC_API_KEY",
    value: anthropic("team", "d9Lm"),
    description: "Reveal, for everyone in the team",
    days: 30,
  },
  {
    key: "DATABASE_URL",
    value: `postgres://maps:${NO_PASSWORD}@db.example.com:5432/maps`,
    description: "The map server, read only",
    days: 8,
  },
  {
    key: "GROQ_API_KEY",
    value: "gsk_EXAMPLENOTREAL0000000000Wq6a",
    description: "Fast drafts",
    days: 61,
    expiresIn: 2,
  },
  {
    key: "STRIPE_SECRET_KEY",
    value: "sk_test_EXAMPLE_NOT_REAL_Jv1e",
    description: "The shop's test account",
    days: 230,
    useOnly: true,
  },
];
/** Added by Noor, who has left since: to be rotated. */
export const FORMER_ADMIN_KEYS: readonly DemoKey[] = [
  {
    key: "OPENAI_API_KEY",
    value: "sk-EXAMPLE-NOT-REAL-team-000Uc8r",
    description: "Search index",
    days: 75,
  },
];

/** One key for each of two small teams: how it did when it was last used is a matter of its owner. */
export const REFUSED_KEYS: readonly DemoKey[] = [
  { key: "ANTHROPIC_API_KEY", value: anthropic("refused", "e5Tb"), description: "Was revoked", days: 90 },
];
export const NO_CREDIT_KEYS: readonly DemoKey[] = [
  { key: "ANTHROPIC_API_KEY", value: anthropic("nocredit", "N2hy"), description: "Prepaid", days: 50 },
];

/** Stores keys through the app, as an import of a `.env` file does, and then dates them back. */
export async function addKeys(
  { database }: Place,
  person: Person,
  keys: readonly DemoKey[],
  teamId?: string,
): Promise<void> {
  const secrets = keys.map(({ key, value, description }) => ({
    key,
    value,
    description,
    if_updated_at: null,
  }));
  await person.post("/api/vault/import", { secrets, team_id: teamId });
  for (const { key, days, useOnly, expiresIn, facts } of keys) {
    const details = { use_only: useOnly, expires_at: expiresIn && daysAgo(-expiresIn) };
    if (useOnly || expiresIn) await person.post("/api/vault", { key, team_id: teamId, ...details });
    const added = daysAgo(days);
    const { data } = await database
      .from("vault_secrets")
      .update({ created_at: added, last_rotated_at: added })
      .eq("owner_id", teamId ?? person.id)
      .eq("key", key)
      .select("id")
      .single()
      .throwOnError();
    if (!facts) continue;
    await database
      .from("vault_secret_details")
      .update({ checked_at: daysAgo(1), check_result: "works", check_facts: facts })
      .eq("secret_id", data.id)
      .throwOnError();
  }
}

/** Puts another row's ciphertext into one of a person's rows, where it does not open. */
export async function damage({ database }: Place, person: Person, key: string, other: string): Promise<void> {
  const rowOf = (name: string) =>
    database.from("vault_secrets").select("encrypted_value").eq("owner_id", person.id).eq("key", name);
  const { data } = await rowOf(other).single().throwOnError();
  await database.from("vault_secrets").update(data).eq("owner_id", person.id).eq("key", key).throwOnError();
}

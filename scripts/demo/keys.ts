import type { Person } from "./people.ts";
import { daysAgo, type Place } from "./place.ts";

/** A key of the demo. Its value is no key: anyone can see that, and no provider would take it. */
interface DemoKey {
  key: string;
  value: string;
  description?: string;
  /** Since it was added. */
  days: number;
}

// The words "refused" and "nocredit" in a key steer the provider's stand-in.
const anthropic = (what = "works") => `sk-ant-api03-EXAMPLE-NOT-REAL-${what}-0000000000000000`;

/** Sam's own: in use, old, and one that cannot be read. */
export const OWN_KEYS: readonly DemoKey[] = [
  {
    key: "ANTHROPIC_API_KEY",
    value: anthropic(),
    description: "Reveal, on my own account",
    days: 12,
  },
  {
    key: "OPENAI_API_KEY",
    value: "sk-EXAMPLE-NOT-REAL-000000000000",
    description: "Evaluation runs",
    days: 140,
  },
  {
    key: "GITHUB_TOKEN",
    value: "ghp_EXAMPLENOTREAL00000000000000",
    description: "Reads the team's repositories",
    days: 45,
  },
  { key: "RESEND_API_KEY", value: "re_EXAMPLE_NOT_REAL_0000000", description: "Weekly report", days: 3 },
  {
    key: "SENTRY_AUTH_TOKEN",
    value: "sntrys_EXAMPLE_NOT_REAL_00000",
    description: "From a damaged backup: can't be read",
    days: 200,
  },
];
/** What is stored of it gets damaged. */
export const UNREADABLE = "SENTRY_AUTH_TOKEN";

/** Robin's own, none of which Reveal uses. */
export const MEMBER_KEYS: readonly DemoKey[] = [
  { key: "HF_TOKEN", value: "hf_EXAMPLENOTREAL0000000000000000", description: "Model downloads", days: 21 },
];

/** The team's. Sam's own ANTHROPIC_API_KEY overrides the first; Robin's runs use it. */
export const TEAM_KEYS: readonly DemoKey[] = [
  {
    key: "ANTHROPIC_API_KEY",
    value: anthropic("team"),
    description: "Reveal, for everyone in the team",
    days: 30,
  },
  {
    key: "DATABASE_URL",
    value: `postgres://maps:${"EXAMPLE-NOT-REAL"}@db.example.com:5432/maps`,
    description: "The map server, read only",
    days: 8,
  },
  { key: "GROQ_API_KEY", value: "gsk_EXAMPLENOTREAL00000000000000", description: "Fast drafts", days: 61 },
  {
    key: "STRIPE_SECRET_KEY",
    value: "sk_test_EXAMPLE_NOT_REAL_0000",
    description: "The shop's test account",
    days: 230,
  },
];
/** Added by Noor, who has left since: to be rotated. */
export const FORMER_ADMIN_KEYS: readonly DemoKey[] = [
  {
    key: "OPENAI_API_KEY",
    value: "sk-EXAMPLE-NOT-REAL-team-0000000",
    description: "Search index",
    days: 75,
  },
];

/** One key for each of two small teams: how it did when it was last used is a matter of its owner. */
export const REFUSED_KEYS: readonly DemoKey[] = [
  { key: "ANTHROPIC_API_KEY", value: anthropic("refused"), description: "Was revoked", days: 90 },
];
export const NO_CREDIT_KEYS: readonly DemoKey[] = [
  { key: "ANTHROPIC_API_KEY", value: anthropic("nocredit"), description: "Prepaid", days: 50 },
];

/** Stores keys through the app, as an import of a `.env` file does, and then dates them back. */
export async function addKeys(
  { database }: Place,
  person: Person,
  keys: readonly DemoKey[],
  teamId?: string,
): Promise<void> {
  const secrets = keys.map(({ days: _, ...secret }) => ({ ...secret, if_updated_at: null }));
  await person.post("/api/vault/import", { secrets, team_id: teamId });
  for (const { key, days } of keys) {
    const added = daysAgo(days);
    await database
      .from("vault_secrets")
      .update({ created_at: added, last_rotated_at: added })
      .eq("owner_id", teamId ?? person.id)
      .eq("key", key)
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

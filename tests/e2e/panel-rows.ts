import type { Page } from "@playwright/test";
import type { SecretDetails, SecretMetadata } from "../../lib/vault/types";
import { insertRows, type Person } from "./api/client";
import { test as base, loadAnew, newSession, VaultPanel } from "./fixtures";

const DAY_MS = 86_400_000;

const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();

export const WIDTHS = [320, 768, 1440] as const;

interface Seeded extends Partial<Omit<SecretMetadata, "details">> {
  key: string;
  details?: Partial<SecretDetails>;
}

/** Stores secrets past the app, in states that it leads to only in time, and shows them. */
export async function seed(
  page: Page,
  owner: Partial<SecretMetadata>,
  secrets: readonly Seeded[],
): Promise<void> {
  const rows = await insertRows(
    "vault_secrets",
    secrets.map(({ key, category = "General", description = "", last_rotated_at = daysAgo(1) }) => ({
      ...{ owner_type: "user", encrypted_value: "v1.never-opened", ...owner },
      ...{ key, category, description, last_rotated_at },
    })),
  );
  await insertRows(
    "vault_secret_details",
    secrets.map(({ details }, index) => ({
      ...{ secret_id: rows[index]?.id, hint: "AbCd", use_only: false, expires_at: null, added_by: null },
      ...{ last_used_at: null, checked_at: null, check_result: null, check_facts: null, ...details },
    })),
  );
  await loadAnew(page);
}

export const numbered = (count: number, category: SecretMetadata["category"] = "General"): Seeded[] =>
  Array.from({ length: count }, (_, index) => ({
    key: `KEY_${String(index).padStart(2, "0")}`,
    category,
    ...(index % 3 === 0 && { description: `What number ${index} is for` }),
  }));

export const test = base.extend<{
  person: Person;
  vault: VaultPanel;
  own: (...secrets: Seeded[]) => Promise<void>;
}>({
  person: async ({ page }, use) => use(await newSession(page)),
  vault: async ({ page, person: _ }, use) => use(new VaultPanel(page)),
  own: async ({ page, person }, use) => use((...secrets) => seed(page, { owner_id: person.id }, secrets)),
});

export const noOverflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

/** A key in each state that a row can be in. */
export const STATES: Seeded[] = [
  { key: "OPENAI_API_KEY", category: "LLM", description: "Evaluation runs, on the team's own account" },
  {
    key: "OPENROUTER_API_KEY",
    category: "LLM",
    details: {
      ...{ checked_at: daysAgo(0.1), check_result: "works" },
      check_facts: { account: "Acme Inc.", credit: "$12.34 left" },
    },
  },
  { key: "GROQ_API_KEY", category: "LLM", details: { checked_at: daysAgo(1), check_result: "refused" } },
  {
    key: "DEEPSEEK_API_KEY",
    category: "LLM",
    details: { checked_at: daysAgo(1), check_result: "no_credit" },
  },
  { key: "CLOUDFLARE_API_TOKEN", category: "Infrastructure", details: { expires_at: daysAgo(-10) } },
  { key: "GITHUB_TOKEN", category: "Infrastructure", details: { expires_at: daysAgo(-2) } },
  { key: "VERCEL_TOKEN", category: "Hosting", details: { expires_at: daysAgo(2) } },
  { key: "STRIPE_SECRET_KEY", details: { use_only: true } },
  {
    key: "A_VERY_OLD_KEY",
    last_rotated_at: daysAgo(200),
    details: { hint: null, added_by: "00000000-0000-4000-8000-000000000000" },
  },
];

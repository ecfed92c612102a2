import { afterAll, beforeAll, beforeEach } from "vitest";
import type { KeyAction } from "../../lib/activity/actions.ts";
import type { Owner } from "../../lib/vault/types.ts";
import { startDatabase } from "./harness.ts";

// For each file of tests of what is entered in Activity: a person who has no key yet.

export const KEY = "ANTHROPIC_API_KEY";
export const OTHER = "OPENAI_API_KEY";

export let db: Awaited<ReturnType<typeof startDatabase>>;
export let service: Awaited<ReturnType<(typeof db)["service"]>>;
export let events: typeof import("../../lib/activity/events.ts");
let recordDeeds: typeof import("../../lib/activity/record.ts")["recordDeeds"];
export let importSecrets: typeof import("../../lib/vault/import.ts")["importSecrets"];
export let listExposures: typeof import("../../lib/activity/exposures.ts")["listExposures"];
export let person: string;
export let owner: Owner;

/** The modules as a fresh server process has them. */
export async function load(changes: { down?: boolean } = {}) {
  service = await db.service(changes);
  events = await import("../../lib/activity/events.ts");
  ({ recordDeeds } = await import("../../lib/activity/record.ts"));
  ({ importSecrets } = await import("../../lib/vault/import.ts"));
  ({ listExposures } = await import("../../lib/activity/exposures.ts"));
}

beforeAll(async () => {
  db = await startDatabase();
  await load();
});
afterAll(() => db.close());
beforeEach(async () => {
  person = await db.person();
  owner = { type: "user", id: person };
});

/** The same done to each of these keys. */
export const record = (actor: string, of: Owner, keys: string[], action: KeyAction) =>
  recordDeeds(
    actor,
    of,
    keys.map((key) => ({ key, action })),
  );

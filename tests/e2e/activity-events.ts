import { newPerson, type Person } from "./api/client";
import { test as base } from "./fixtures";

export const KEY = "ANTHROPIC_API_KEY";

export const OTHER = "OPENAI_API_KEY";

export const EVENTS = "/api/vault/events";

export interface Reply {
  events: { id: string; key: string | null; action: string; actor: { email: string; is_you: boolean } }[];
  next: string | null;
}

/** What was done, newest first, as one line each. */
export const lines = ({ events }: Reply) =>
  events.map(({ action, key }) => (key === null ? action : `${action} ${key}`));

export const test = base.extend<{ person: Person }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's form
  person: async ({}, use) => use(await newPerson()),
});

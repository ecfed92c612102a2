import { createServerClient } from "@supabase/ssr";
import { TEST_PUBLISHABLE_KEY } from "../../tests/support/keys.ts";

export interface Load {
  requests: { average: number; total: number };
  latency: { p50: number; p99: number };
  non2xx: number;
  errors: number;
  timeouts: number;
  mismatches: number;
}

/** What is sent, where it is more than a GET with a cookie, in autocannon's terms. */
export interface Sent {
  method?: "POST";
  headers?: Record<string, string>;
  /** Makes each request differ from the one before. */
  requests?: { setupRequest: (request: Sending) => Sending }[];
  /** Whether the body of an answer is right. */
  verifyBody?: (body: string) => boolean;
}

interface Sending {
  headers: Record<string, string>;
  body?: string;
}

/**
 * Asks for one address over so many connections at once, each for the next time as soon as it has an answer.
 *
 * @param duration seconds
 * @throws Error if a single answer was not a good one
 */
export async function load(
  url: string,
  cookie: string,
  connections: number,
  duration: number,
  sent: Sent = {},
): Promise<Load> {
  // By name, because it is installed in this folder only.
  const name: string = "autocannon";
  const { default: autocannon } = await import(name);
  const result: Load = await autocannon({
    url,
    connections,
    duration,
    ...sent,
    headers: { cookie, ...sent.headers },
  });
  const { non2xx, errors, timeouts, mismatches } = result;
  if (non2xx + errors + timeouts + mismatches > 0) {
    throw new Error(
      `${url}: ${non2xx} refusals, ${errors} errors, ${timeouts} timeouts, ${mismatches} wrong answers.`,
    );
  }
  return result;
}

/** 108 bytes, as long as a provider's key. */
export const VALUE = "sk-ant-test-not-real-".padEnd(108, "x");

/** Somebody with so many secrets, named KEY_0 and on, and the `Cookie` header of their browser. */
export async function newPerson(database: string, app: string, secrets: number): Promise<string> {
  const jar = new Map<string, string>();
  const { auth } = createServerClient(database, TEST_PUBLISHABLE_KEY, {
    cookies: {
      getAll: () => [...jar].map(([name, value]) => ({ name, value })),
      setAll: (changed) => {
        for (const { name, value } of changed) jar.set(name, value);
      },
    },
  });
  const email = `person-${crypto.randomUUID()}@example.com`;
  const password = "a-long-test-password";
  const { error } = await auth.signUp({ email, password });
  if (error) throw error;
  const session = [...jar].map((pair) => pair.join("=")).join("; ");
  const confirmed = await fetch(`${app}/api/account/confirmation`, {
    method: "POST",
    headers: { cookie: session, "content-type": "application/json" },
    body: JSON.stringify({ password }),
  });
  if (confirmed.status !== 204) throw new Error(await confirmed.text());
  const cookie = [session, ...confirmed.headers.getSetCookie().map((text) => text.split(";")[0])].join("; ");
  for (let index = 0; index < secrets; index++) {
    const reply = await fetch(`${app}/api/vault`, {
      method: "POST",
      headers: { cookie, "content-type": "application/json" },
      body: JSON.stringify({ key: `KEY_${index}`, value: VALUE }),
    });
    if (reply.status !== 201) throw new Error(await reply.text());
  }
  return cookie;
}

import { createServerClient } from "@supabase/ssr";
import { StartProblem } from "../embedded/problem.ts";
import type { Place } from "./place.ts";

/** Of all of them. They are on one machine, and nothing real is theirs. */
export const PASSWORD = "demo-password";

/** Who is in the demo: an admin of its team, a member, and an admin who left. */
export const EMAILS = {
  admin: "sam@example.com",
  member: "robin@example.com",
  former: "noor@example.com",
} as const;

/** Somebody with an account and a session. */
export interface Person {
  /** UUID. */
  id: string;
  email: string;
  /** Sends a request to the app's API as this person, and returns the reply. */
  post: <Reply>(path: string, body: object) => Promise<Reply>;
}

/**
 * Creates an account with {@link PASSWORD}, and signs in.
 *
 * @throws StartProblem where there is one already
 */
export async function signUp({ appUrl, supabaseUrl, publishableKey }: Place, email: string): Promise<Person> {
  // With the library that the app uses, so that the cookie is the one that the app sets.
  const jar = new Map<string, string>();
  const { auth } = createServerClient(supabaseUrl, publishableKey, {
    cookies: {
      getAll: () => [...jar].map(([name, value]) => ({ name, value })),
      setAll: (changed) => {
        for (const { name, value } of changed) jar.set(name, value);
      },
    },
  });
  const { data, error } = await auth.signUp({ email, password: PASSWORD });
  if (error || !data.user || !data.session) {
    throw new StartProblem(`The account ${email} can't be created: ${error?.message ?? "no session"}.`);
  }
  const cookie = [...jar].map((pair) => pair.join("=")).join("; ");
  return {
    id: data.user.id,
    email,
    async post(path, body) {
      const reply = await fetch(`${appUrl}${path}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Cookie: cookie },
        body: JSON.stringify(body),
      });
      if (!reply.ok) throw new StartProblem(`The demo can't be filled: ${path} answered ${reply.status}.`);
      return reply.json();
    },
  };
}

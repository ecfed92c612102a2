import { createClient } from "@supabase/supabase-js";
import type { Env } from "./env-file.ts";
import { StartProblem } from "./problem.ts";

const ACCOUNT = { email: "demo@example.com", password: "demo-password" };

/** Takes the place of the platform's own Anthropic key; anyone can see that it is none. */
const PLATFORM_KEY = "sk-ant-demo-platform-key-not-real-000000000000";

/**
 * Starts the local stand-in for Anthropic's API.
 *
 * @returns the variables that make the app use it, and a function that stops it
 */
export async function startStandIn(): Promise<{ env: Env; close: () => Promise<void> }> {
  const { startAnthropicStandIn } = await import("../../tests/support/anthropic-standin.ts");
  const standIn = await startAnthropicStandIn({ pace: 150 });
  console.log("✓ Answers are simulated on this machine: no real provider is called, nothing is billed");
  return {
    env: {
      ANTHROPIC_BASE_URL: standIn.url,
      ANTHROPIC_API_KEY: PLATFORM_KEY,
      // So that there is something to choose.
      ANTHROPIC_MODELS: "claude-sonnet-5-5,claude-haiku-5-5,claude-opus-5-5",
      // Whoever tries the app has their receiver, if any, on this machine too.
      WEBHOOKS_ALLOW_PRIVATE: "on",
    },
    close: () => standIn.close(),
  };
}

/**
 * Creates the demo account, or finds that it exists from an earlier start, and says how to sign in.
 *
 * @throws StartProblem when it exists with another password, or sign-up fails
 */
export async function ensureDemoAccount(url: string, publishableKey: string): Promise<void> {
  const { auth } = createClient(url, publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  const signIn = await auth.signInWithPassword(ACCOUNT);
  const signUp = signIn.error ? await auth.signUp(ACCOUNT) : signIn;
  if (signUp.error) {
    throw new StartProblem(`The account ${ACCOUNT.email} cannot be used: ${signUp.error.message}.`);
  }
  console.log(`✓ Sign in as ${ACCOUNT.email} with the password ${ACCOUNT.password}`);
}

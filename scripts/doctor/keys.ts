import type { FoundKey } from "../../lib/vault/supabase-keys.ts";
import { type Answer, explainAnswer } from "./ask.ts";
import { type Check, type Finding, failure, ok } from "./check.ts";
import type { Subject } from "./subject.ts";

// Whether Supabase takes the keys, and for whose. Its gateway refuses a key with 401 and no code; PostgREST and Auth have
// codes: https://docs.postgrest.org/en/v14/references/errors.html

export const KEYS: Check[] = [
  {
    id: "publishable",
    title: "the publishable key",
    ground: "Supabase takes the publishable key",
    needs: ["reach", "publishable-form"],
    run: checkPublishable,
  },
  {
    id: "secret",
    title: "the secret key",
    ground: "Supabase takes the secret key",
    needs: ["reach", "secret-form"],
    run: checkSecret,
  },
];

/** The request that `vault_key_check` is read with: only the server may. */
export const askAsServer = ({ ask, secret }: Subject): Promise<Answer> =>
  ask("/rest/v1/vault_key_check?select=id&limit=1", { key: secret?.key, headers: PROFILE });

/** supabase-js names the schema too: without it, PostgREST takes the first one that is exposed. */
export const PROFILE = { "Accept-Profile": "public", "Content-Profile": "public" };

async function checkPublishable({ ask, publishable, isEmbedded }: Subject): Promise<Finding> {
  const key = publishable?.key;
  const auth = await ask("/auth/v1/settings", { key });
  if (auth.status !== 200) return refused(auth, publishable, isEmbedded, "Auth");
  const rest = await ask("/rest/v1/vault_secrets?select=id&limit=1", { key, headers: PROFILE });
  if (rest.status === 200) {
    return failure(
      "Anyone who has the publishable key, which is everyone, can read vault_secrets.",
      "See the line about privileges below.",
    );
  }
  // Every code is PostgREST's: the key has passed. What is wrong there, other checks say.
  if (rest.code) return ok("Auth and the Data API take the publishable key, which opens no table");
  return refused(rest, publishable, isEmbedded, "the Data API");
}

async function checkSecret(subject: Subject): Promise<Finding> {
  const { secret, isEmbedded } = subject;
  const rest = await askAsServer(subject);
  if (rest.status === 200) return ok("The Data API takes the secret key, which has the server's rights");
  if (rest.code === "42501") {
    return failure(
      `${secret?.variable} is accepted, but may not read vault_key_check (42501).`,
      "Either it isn't the service_role key, or the migrations' grants were changed. Copy the secret key again; if it's the same, apply all migrations again.",
    );
  }
  if (/^PGRST3/.test(rest.code)) {
    return failure(
      `The Data API takes ${secret?.variable} for an invalid JWT (${rest.code}).`,
      "Copy the secret key (sb_secret_…) of this project from Project Settings → API Keys.",
    );
  }
  // The check of the Data API says what that is.
  if (rest.code) return ok("The Data API takes the secret key");
  return refused(rest, secret, isEmbedded, "the Data API");
}

function refused(answer: Answer, found: FoundKey | undefined, isEmbedded: boolean, by: string): Finding {
  const name = found?.variable ?? "";
  if (answer.status !== 401 && answer.status !== 403) {
    return failure(
      `Can't check ${name}: ${by} answers with ${explainAnswer(answer)}.`,
      "Run this again in a minute.",
    );
  }
  if (isEmbedded) {
    return failure(
      `The Supabase that answers doesn't take ${name}: it isn't the embedded one of this folder.`,
      "Stop what uses its port, such as `npm run demo` or the Supabase CLI, then start `npm run dev`.",
    );
  }
  const { message } = Object(answer.body) as Record<string, unknown>;
  if (/legacy api keys are disabled/i.test(String(message))) {
    return failure(
      `${name} is a legacy key, and legacy keys are disabled in this project.`,
      `Copy the ${found?.kind} key (sb_${found?.kind}_…) from Project Settings → API Keys.`,
    );
  }
  return failure(
    `Supabase refuses ${name} (status ${answer.status}): it's another project's, or was deleted.`,
    `Copy the ${found?.kind} key of this project from Project Settings → API Keys.`,
  );
}

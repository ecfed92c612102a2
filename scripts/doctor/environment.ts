import { parseEnv } from "../../lib/env.ts";
import { siteOrigin } from "../../lib/vault/http/site.ts";
import { explainOldNode } from "../../lib/vault/node-version.ts";
import {
  explainKey,
  type FoundKey,
  forwardsAddress,
  isSecretKey,
  KEY_VARIABLES,
  type SupabaseKeyKind,
} from "../../lib/vault/supabase-keys.ts";
import { messageOf } from "../embedded/problem.ts";
import { type Check, type Finding, failure, ok, warning } from "./check.ts";
import { loadCrypto } from "./crypto.ts";
import type { Subject } from "./subject.ts";

// What can be known without asking anybody.

const SET_IT = "Set it in .env.local, or in your host's environment. .env.example explains each variable.";
/** In place of variables that have checks of their own, so that the others are reported by themselves. */
const PLACEHOLDERS = {
  NEXT_PUBLIC_SUPABASE_URL: "https://placeholder.invalid",
  NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: "sb_publishable_placeholder",
  NEXT_PUBLIC_SUPABASE_ANON_KEY: undefined,
  SUPABASE_SECRET_KEY: "sb_secret_placeholder",
  SUPABASE_SERVICE_ROLE_KEY: undefined,
  SITE_URL: "https://placeholder.invalid",
};
const SET_KEY =
  "If anything is stored already, set the key that it was stored with. Otherwise create one with npm run vault:key.";
const START_IT = "Start `npm run dev` once: it creates the keys of the embedded Supabase in .env.local.";

export const ENVIRONMENT: Check[] = [
  {
    id: "node",
    title: "Node.js",
    run: () => {
      const old = explainOldNode();
      return old
        ? failure(old, "Run this with npm, which brings Node.js along.")
        : ok(`Node.js ${process.versions.node}`);
    },
  },
  { id: "site", title: "SITE_URL", ground: "SITE_URL is right", run: checkSite },
  {
    id: "address",
    title: "the Supabase address",
    ground: "NEXT_PUBLIC_SUPABASE_URL is right",
    run: checkAddress,
  },
  keyCheck("publishable"),
  keyCheck("secret"),
  { id: "master-key", title: "VAULT_MASTER_KEY", ground: "VAULT_MASTER_KEY is right", run: checkMasterKey },
  {
    id: "variables",
    title: "the environment",
    ground: "the environment is right",
    run: ({ settings }) => {
      try {
        parseEnv({ ...settings, ...PLACEHOLDERS });
        return ok("All other variables that are set are well-formed");
      } catch (error) {
        return failure(messageOf(error), SET_IT);
      }
    },
  },
  {
    id: "client-address",
    title: "CLIENT_ADDRESS_HEADER",
    needs: ["site", "secret-form"],
    run: checkClientAddress,
  },
  {
    id: "private-webhooks",
    title: "WEBHOOKS_ALLOW_PRIVATE",
    run: ({ settings, site }) =>
      settings.WEBHOOKS_ALLOW_PRIVATE === "on" && site?.startsWith("https:")
        ? warning(
            "WEBHOOKS_ALLOW_PRIVATE is on: everyone who signs up can have your server call addresses in its own network.",
            "Remove it in production.",
          )
        : [],
  },
  { id: "exposed", title: "the variables that browsers get", run: checkExposed },
];

/** As in production, where the app doesn't start with an address that isn't https or this machine's. */
function checkSite({ settings, isEmbedded }: Subject): Finding {
  try {
    return ok(`The app's address is ${siteOrigin({ ...settings, NODE_ENV: "production" })}`);
  } catch (error) {
    if (settings.SITE_URL) return failure(messageOf(error), SET_IT);
    if (isEmbedded) return ok("SITE_URL isn't set, so the app's address is http://localhost:3000");
    return warning(
      "SITE_URL isn't set. Everywhere but on Vercel the app doesn't start without it, and it can't be compared with Supabase's site URL.",
      "Set it to the https address where people reach the app.",
    );
  }
}

function checkAddress({ settings, isEmbedded, url }: Subject): Finding {
  if (isEmbedded) return ok(`The embedded Supabase: NEXT_PUBLIC_SUPABASE_URL isn't set`);
  const address = settings.NEXT_PUBLIC_SUPABASE_URL ?? "";
  const remedy =
    "Copy the project's URL from Connect in its dashboard, such as https://abcdefghijklmnopqrst.supabase.co";
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    return failure("NEXT_PUBLIC_SUPABASE_URL isn't an http or https address.", remedy);
  }
  const { protocol, hostname, pathname, search, hash, username } = new URL(address);
  if (protocol === "http:" && hostname.endsWith(".supabase.co")) {
    return failure(
      "NEXT_PUBLIC_SUPABASE_URL must begin with https://, or keys are sent unencrypted.",
      remedy,
    );
  }
  if (pathname !== "/" || search || hash || username) {
    return failure("NEXT_PUBLIC_SUPABASE_URL has more in it than the project's address.", remedy);
  }
  return ok(`Supabase is at ${url}`);
}

function keyCheck(kind: SupabaseKeyKind): Check {
  const [variable] = KEY_VARIABLES[kind];
  return {
    id: `${kind}-form`,
    title: `the ${kind} key's form`,
    ground: `there is a ${kind} key`,
    run: ({ [kind]: found, url, isEmbedded }) => {
      const remedy = "Copy it from Project Settings → API Keys.";
      if (!found) return failure(`${variable} isn't set.`, isEmbedded ? START_IT : remedy);
      const [says, ...rest] = sentencesOf(explainKey(found, url));
      return says ? failure(says, rest.join(" ") || remedy) : ok(formOf(found));
    },
  };
}

const formOf = ({ variable, key, kind }: FoundKey) =>
  key.startsWith("sb_") ? `${variable} is a ${kind} key` : `${variable} is a legacy ${kind} key`;

/** The first one says what is wrong, the others what to do. */
const sentencesOf = (text: string | null): string[] => text?.split(/(?<=\.)\s+/) ?? [];

/** Tries the encryption both ways. It reads its key from the process's own environment. */
async function checkMasterKey(): Promise<Finding> {
  const { encrypt, decrypt } = await loadCrypto();
  const probe = "npm run doctor";
  try {
    if ((await decrypt(await encrypt(probe))) === probe) return ok("The master key encrypts and decrypts");
  } catch (error) {
    const [says = "", ...rest] = sentencesOf(messageOf(error));
    return failure(says, says.startsWith("VAULT_MASTER_KEY is ") ? SET_KEY : rest.join(" ") || SET_IT);
  }
  return failure("The vault's encryption doesn't work.", "See lib/vault/crypto.ts.");
}

function checkClientAddress({ settings, site, secret }: Subject): Finding | Finding[] {
  if (!settings.CLIENT_ADDRESS_HEADER) {
    if (!site?.startsWith("https:")) return [];
    return warning(
      "CLIENT_ADDRESS_HEADER isn't set, so Supabase Auth limits all visitors together, and one stranger can use up everyone's tries.",
      "Set it to the header that your platform sets, such as x-vercel-forwarded-for, and turn on IP address forwarding: docs/deploy.md.",
    );
  }
  if (secret && forwardsAddress(secret.key))
    return ok("CLIENT_ADDRESS_HEADER is set, and the secret key can forward addresses");
  return warning(
    "CLIENT_ADDRESS_HEADER is set, but Supabase takes a client's address only along with an sb_secret_… key.",
    "Create a secret key under Project Settings → API Keys, and set SUPABASE_SECRET_KEY to it.",
  );
}

const SECRETS = [
  "SUPABASE_SECRET_KEY",
  "SUPABASE_SERVICE_ROLE_KEY",
  "SUPABASE_JWT_SECRET",
  "VAULT_MASTER_KEY",
  "ANTHROPIC_API_KEY",
  "SMTP_PASS",
];

/** Next.js puts NEXT_PUBLIC_ variables into what it sends to browsers. */
function checkExposed({ settings }: Subject): Finding | Finding[] {
  const secrets = SECRETS.map((name) => settings[name]).filter(Boolean);
  const exposed = Object.entries(settings).filter(
    ([name, value]) =>
      name.startsWith("NEXT_PUBLIC_") &&
      // The check of the publishable key says the same of these.
      !KEY_VARIABLES.publishable.some((own) => own === name) &&
      value !== undefined &&
      (secrets.includes(value) || isSecretKey(value)),
  );
  if (exposed.length === 0) return [];
  return failure(
    `Next.js may send a secret to every browser: ${exposed.map(([name]) => name).join(", ")}.`,
    "Remove the variable. If it was deployed, replace the secret as well.",
  );
}

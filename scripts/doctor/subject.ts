import { siteOrigin } from "../../lib/vault/http/site.ts";
import { type FoundKey, findKey } from "../../lib/vault/supabase-keys.ts";
import { HOST, portFrom } from "../embedded/ports.ts";
import { type Answer, type AskOptions, ask } from "./ask.ts";

/** The environment together with the `.env` files. */
export type Settings = Record<string, string | undefined>;

/** What is examined, as the settings have it; nothing here is known to be right. */
export interface Subject {
  settings: Settings;
  /** Whether `npm run dev` and `npm start` would bring the Supabase along. */
  isEmbedded: boolean;
  /** Supabase's address: scheme, host, and port; as it is set if it isn't an address. */
  url: string;
  publishable: FoundKey | undefined;
  secret: FoundKey | undefined;
  /** The app's own address, if it is set and right. */
  site: string | undefined;
  /** The answer of Auth's health, once Supabase was looked for. The clock is compared with its date. */
  health?: Answer;
  /** Asks Supabase. */
  ask: (path: string, options?: AskOptions) => Promise<Answer>;
}

const DEFAULT_PORT = 54321;
/** How far from the usual port `npm run dev` may have found a free one. */
const PORTS = 10;

/** Reads what can be read without asking. */
export function readSubject(settings: Settings): Subject {
  const { NEXT_PUBLIC_SUPABASE_URL: address } = settings;
  const isEmbedded = !address;
  const url = address ? originOf(address) : `http://${HOST}:${portOf(settings)}`;
  const subject: Subject = {
    settings,
    isEmbedded,
    url,
    publishable: findKey("publishable", settings),
    secret: findKey("secret", settings),
    site: siteOf(settings),
    ask: (path, options) => ask(subject.url, path, options),
  };
  return subject;
}

/**
 * `npm run dev` takes the next free port if another program has its usual one, so this looks for the one where the
 * embedded Supabase knows our keys. Changes `url` if it's another one.
 */
export async function findEmbedded(subject: Subject): Promise<void> {
  const first = portOf(subject.settings);
  const addresses = Array.from({ length: PORTS }, (_, index) => `http://${HOST}:${first + index}`);
  const answers = await Promise.all(
    addresses.map((address) => ask(address, "/auth/v1/health", { key: subject.publishable?.key })),
  );
  const found = answers.findIndex((answer) => answer.status === 200);
  subject.url = addresses[found] ?? subject.url;
}

const originOf = (address: string): string => (URL.canParse(address) ? new URL(address).origin : address);

function portOf({ EMBEDDED_SUPABASE_PORT }: Settings): number {
  try {
    return portFrom("EMBEDDED_SUPABASE_PORT", EMBEDDED_SUPABASE_PORT) ?? DEFAULT_PORT;
  } catch {
    // The check of the address says so.
    return DEFAULT_PORT;
  }
}

/** As in production: an address that isn't good enough for it is no good here either. */
function siteOf(settings: Settings): string | undefined {
  try {
    return siteOrigin({ ...settings, NODE_ENV: "production" });
  } catch {
    return undefined;
  }
}

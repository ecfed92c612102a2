import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { readSupabaseConfig } from "../../../scripts/embedded/config.ts";
import { textOf } from "../../../scripts/embedded/mail-text.ts";
import type { Json } from "./answers.ts";
import type { HostedSettings } from "./settings.ts";
import type { Upstream } from "./upstream.ts";

/** A link in a mail that the stand-in knows. */
export interface Link {
  kind: "confirmation" | "email_change";
  userId: string;
  sentAt: number;
  /** Of the browser that asked for it: PKCE, RFC 7636, 4.3. */
  challenge?: string | undefined;
  /** Of the two links that change an address, what the embedded server calls the change. */
  upstreamHash?: string;
}

/** What a code is exchanged for, by whoever has the verifier. */
interface Exchange {
  challenge: string;
  session: Json;
}

const CONFIG = resolve(import.meta.dirname, "../../../supabase/config.toml");

/** Links of the stand-in's own, by their token hash, and the mails that bring them: this project's templates. */
export class Links {
  readonly #settings: HostedSettings;
  readonly #upstream: Upstream;
  readonly #links = new Map<string, Link>();
  readonly #codes = new Map<string, Exchange>();

  constructor(settings: HostedSettings, upstream: Upstream) {
    this.#settings = settings;
    this.#upstream = upstream;
  }

  /** Sends a mail with a new link. */
  async send(to: string, link: Omit<Link, "sentAt">, variables: Record<string, string> = {}): Promise<void> {
    // https://github.com/supabase/auth/blob/master/internal/crypto/crypto.go: SHA-224 of the address and a code.
    const hash = createHash("sha224").update(randomBytes(16)).digest("hex");
    const tokenHash = link.challenge ? `pkce_${hash}` : hash;
    this.add(tokenHash, link);
    const template = readSupabaseConfig(CONFIG).auth?.email?.template?.[link.kind];
    const known = { SiteURL: this.#settings.siteUrl, TokenHash: tokenHash, Email: to, ...variables };
    let html = readFileSync(template?.content_path ?? "", "utf8");
    for (const [name, value] of Object.entries(known)) html = html.replaceAll(`{{ .${name} }}`, value);
    await this.#upstream.mail(to, template?.subject ?? "", textOf(html));
  }

  /** Knows a link that somebody else has sent. */
  add(tokenHash: string, link: Omit<Link, "sentAt">): void {
    this.#links.set(tokenHash, { ...link, sentAt: Date.now() });
  }

  /** A link that still works. */
  find(tokenHash: string): Link | undefined {
    const link = this.#links.get(tokenHash);
    return link && !this.isOver(link.sentAt) ? link : undefined;
  }

  spend(tokenHash: string): void {
    this.#links.delete(tokenHash);
  }

  /** Whether what was sent then has expired. */
  isOver = (sentAt: number): boolean => Date.now() >= sentAt + this.#settings.linkSeconds * 1000;

  /** Whether there is such a link, that works or has expired. */
  has(tokenHash: string): boolean {
    return this.#links.has(tokenHash);
  }

  /** A code for the browser that asked for a link, which exchanges it for the session. */
  newCode({ challenge = "" }: Link, session: Json): string {
    const code = crypto.randomUUID();
    this.#codes.set(code, { challenge, session });
    return code;
  }

  /** What a code is good for, once. */
  takeCode(code: string): Exchange | undefined {
    const exchange = this.#codes.get(code);
    this.#codes.delete(code);
    return exchange;
  }
}

/** Whether a browser has the verifier of a challenge. https://github.com/supabase/auth/blob/master/internal/security/pkce.go */
export const isVerifierOf = (challenge: string, verifier: string): boolean =>
  createHash("sha256").update(verifier).digest("base64url") === challenge;

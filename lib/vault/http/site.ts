/** What the site's address is read from. */
interface SiteSettings {
  /** Where people reach the app; of the address, scheme, host and port count. */
  SITE_URL?: string | undefined;
  /** A host name that Vercel sets, and serves with https. */
  VERCEL_PROJECT_PRODUCTION_URL?: string | undefined;
  NODE_ENV?: string | undefined;
}

const DEVELOPMENT = "http://localhost:3000";

/**
 * The origin of the app's own pages: `SITE_URL`, else Vercel's production address, else, in development only,
 * http://localhost:3000. An app that others reach needs https, because only then is the session cookie `Secure`.
 *
 * @throws Error that says what to set: in production, where the address is missing or neither https nor a loopback one
 */
export function siteOrigin(settings: SiteSettings): string {
  const { SITE_URL, VERCEL_PROJECT_PRODUCTION_URL: vercel, NODE_ENV } = settings;
  const isProduction = NODE_ENV === "production";
  const address = SITE_URL || (vercel && `https://${vercel}`) || (isProduction ? "" : DEVELOPMENT);
  if (!address) {
    throw new Error("SITE_URL is missing: set it to the https address where people reach the app.");
  }
  if (!URL.canParse(address))
    throw new Error("SITE_URL is not an address such as https://vault.example.com.");
  const { protocol, hostname, origin } = new URL(address);
  if (isProduction && protocol !== "https:" && !isLoopback(hostname)) {
    throw new Error(
      "SITE_URL must begin with https://, or browsers would send session cookies unencrypted. " +
        "Only a loopback address such as http://localhost:3000 is exempt.",
    );
  }
  return origin;
}

/**
 * Whether a host is this machine whatever DNS says (RFC 6761, RFC 1122, RFC 4291).
 *
 * @param hostname as `URL` normalizes it: IPv4 in four decimal parts, IPv6 in brackets
 */
export function isLoopback(hostname: string): boolean {
  return /(^|\.)localhost$/.test(hostname) || /^127\.\d+\.\d+\.\d+$/.test(hostname) || hostname === "[::1]";
}

/** What the site's address is read from. */
interface SiteSettings {
  /** Where people reach the app; of the address, scheme, host and port count. */
  SITE_URL?: string | undefined;
  // Vercel's own: https://vercel.com/docs/environment-variables/system-environment-variables
  /** production, preview, or development, which is somebody's own machine. */
  VERCEL_ENV?: string | undefined;
  /** Host names that Vercel serves with https: of the project's production, of the branch's latest deployment, of this one. */
  VERCEL_PROJECT_PRODUCTION_URL?: string | undefined;
  VERCEL_BRANCH_URL?: string | undefined;
  VERCEL_URL?: string | undefined;
  NODE_ENV?: string | undefined;
}

const DEVELOPMENT = "http://localhost:3000";

/**
 * The origin of the app's own pages: `SITE_URL`, else on Vercel the production's address, or that of a preview's branch or
 * deployment, else, in development only, http://localhost:3000. An app that others reach needs https, because only then is
 * the session cookie `Secure`.
 *
 * @throws Error that says what to set: in production, where the address is missing or neither https nor a loopback one
 */
export function siteOrigin(settings: SiteSettings): string {
  const isProduction = settings.NODE_ENV === "production";
  const address = settings.SITE_URL || vercelAddress(settings) || (isProduction ? "" : DEVELOPMENT);
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
 * Where Vercel serves this deployment; undefined elsewhere. A preview's links never lead to production, whose people and keys
 * aren't the preview's. The branch's address comes first: it's the one that Vercel's comments and checks link to.
 */
function vercelAddress(settings: SiteSettings): string | undefined {
  const { VERCEL_ENV: kind = "production" } = settings;
  const host =
    kind === "preview"
      ? settings.VERCEL_BRANCH_URL || settings.VERCEL_URL
      : // `vercel env pull` writes all of them into .env.local, with development.
        kind !== "development" && settings.VERCEL_PROJECT_PRODUCTION_URL;
  return host ? `https://${host.replace(/^https?:\/\//i, "")}` : undefined;
}

/**
 * Whether a host is this machine whatever DNS says (RFC 6761, RFC 1122, RFC 4291).
 *
 * @param hostname as `URL` normalizes it: IPv4 in four decimal parts, IPv6 in brackets
 */
export function isLoopback(hostname: string): boolean {
  return /(^|\.)localhost$/.test(hostname) || /^127\.\d+\.\d+\.\d+$/.test(hostname) || hostname === "[::1]";
}

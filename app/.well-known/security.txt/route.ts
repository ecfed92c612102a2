import { env } from "@/lib/env";

const HALF_A_YEAR_MS = 182 * 24 * 60 * 60 * 1000;

/** Whom to tell of a hole (RFC 9116), where the operator has named somebody. */
export function GET(): Response {
  const { securityContact, siteOrigin } = env();
  if (!securityContact) return new Response("Not found\n", { status: 404 });
  const lines = [
    `Contact: ${securityContact}`,
    // Computed at each request, so that it never lies in the past, and always within the year that the RFC asks for.
    `Expires: ${new Date(Date.now() + HALF_A_YEAR_MS).toISOString()}`,
    "Preferred-Languages: en",
    `Canonical: ${siteOrigin}/.well-known/security.txt`,
  ];
  return new Response(`${lines.join("\n")}\n`, {
    headers: { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "public, max-age=3600" },
  });
}

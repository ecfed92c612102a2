/**
 * A page's Content-Security-Policy: only scripts with this nonce run, and only our own origin is asked. What a
 * browser refuses for it, it reports to app/api/csp-reports.
 *
 * @param nonce fresh for each reply
 */
export function contentSecurityPolicy(nonce: string): string {
  // React rebuilds server stacks with eval, in development only.
  const development = process.env.NODE_ENV === "development" ? " 'unsafe-eval'" : "";
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development}`,
    // Dialogs and toasts set inline styles; styles cannot run code.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    // Not its successor `report-to`: Chromium then sends nothing over http, and every browser still reads this one.
    "report-uri /api/csp-reports",
  ].join("; ");
}

/**
 * The request header by which proxy.ts tells the page behind it that the session could not be renewed, so that the page
 * does not wait for the auth server a second time.
 */
export const RENEWAL_UNKNOWN = "x-session-renewal-unknown";

/** The one other place that signing in may lead back to. */
export const INVITE = "invite";

/**
 * Where a person goes once they are signed in. A fixed word and not an address, so that no link to the sign-in
 * page leads elsewhere.
 *
 * @param next from the page's address or the form: anything
 */
export const afterSignIn = (next: unknown) => (next === INVITE ? "/invite" : "/dashboard");

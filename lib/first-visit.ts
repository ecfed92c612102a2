/**
 * The cookie that keeps the first steps out of sight in this browser, once a person has hidden or finished them. Named
 * after the person, so that it hides nobody else's. Set by the browser, no secret.
 *
 * @param userId UUID; its end is random in every version, and its beginning is not
 */
export const firstVisitCookie = (userId: string): string => `first-visit-${userId.slice(-12)}`;

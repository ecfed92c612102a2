import { SHOWN_USER_HEADER } from "@/lib/vault/types";

/**
 * Says whom this page shows. Each request to the API carries it, so that a page that is still open when somebody else
 * signs in stores nothing in their vault and shows nothing from it.
 *
 * @param userId UUID
 */
export function ShownUser({ userId }: { userId: string }) {
  return <meta name={SHOWN_USER_HEADER} content={userId} />;
}

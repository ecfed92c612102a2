import type { Metadata } from "next";
import { NarrowPage } from "@/components/layout/NarrowPage";
import { InviteView } from "@/components/teams/InviteView";
import { ShownUser } from "@/components/vault/ShownUser";
import { getSessionUser } from "@/lib/auth/session";

export const metadata: Metadata = { title: "Invitation" };

/** Where an invite link leads. Its secret stands after the #, so that only the browser has it. */
export default async function InvitePage() {
  const user = await getSessionUser();
  return (
    <NarrowPage>
      {user && <ShownUser userId={user.id} />}
      <InviteView email={user?.email ?? null} />
    </NarrowPage>
  );
}

import type { Metadata } from "next";
import { Logo } from "@/components/layout/Logo";
import { InviteView } from "@/components/teams/InviteView";
import { ShownUser } from "@/components/vault/ShownUser";
import { Card } from "@/components/vault/ui/card";
import { getSessionUser } from "@/lib/auth/session";

export const metadata: Metadata = { title: "Invitation" };

/** Where an invite link leads. Its secret stands after the #, so that only the browser has it. */
export default async function InvitePage() {
  const user = await getSessionUser();
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center gap-6 px-4 py-10">
      {user && <ShownUser userId={user.id} />}
      <Logo className="self-center" />
      <Card>
        <InviteView email={user?.email ?? null} />
      </Card>
    </main>
  );
}

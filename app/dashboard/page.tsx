import type { Metadata } from "next";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { Suspense } from "react";
import { DashboardContent } from "@/components/DashboardContent";
import { DashboardSkeleton } from "@/components/layout/DashboardSkeleton";
import { Header } from "@/components/layout/Header";
import { getSessionUser } from "@/lib/auth/session";
import { env } from "@/lib/env";
import { isTheme, THEME_COOKIE } from "@/lib/theme";
import { listSecrets } from "@/lib/vault/service";
import { listWebhooks } from "@/lib/webhooks/store";

export const metadata: Metadata = { title: "Dashboard" };

// The session is asked for before anything is sent, so that a stranger gets a redirect and not a page.
export default async function DashboardPage() {
  const user = await getSessionUser();
  if (!user) redirect("/login");
  const theme = (await cookies()).get(THEME_COOKIE)?.value;
  return (
    <>
      <Header email={user.email} theme={isTheme(theme) ? theme : undefined} />
      <Suspense fallback={<DashboardSkeleton />}>
        <Dashboard userId={user.id} />
      </Suspense>
    </>
  );
}

async function Dashboard({ userId }: { userId: string }) {
  const [secrets, webhooks] = await Promise.all([
    listSecrets({ type: "user", id: userId }),
    listWebhooks(userId),
  ]);
  return (
    <DashboardContent
      userId={userId}
      initialSecrets={secrets}
      initialWebhooks={webhooks}
      platformKeys={[...env().platformKeys.keys()]}
    />
  );
}

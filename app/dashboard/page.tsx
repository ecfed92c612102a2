import type { Metadata } from "next";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { DashboardContent } from "@/components/DashboardContent";
import { Header } from "@/components/layout/Header";
import { getSessionUser } from "@/lib/auth/session";
import { env } from "@/lib/env";
import { isTheme, THEME_COOKIE } from "@/lib/theme";
import { listSecrets } from "@/lib/vault/service";
import { listWebhooks } from "@/lib/webhooks/store";

export const metadata: Metadata = { title: "Dashboard" };

export default async function DashboardPage() {
  const user = await getSessionUser();
  if (!user) redirect("/login");
  const [secrets, webhooks, cookieStore] = await Promise.all([
    listSecrets({ type: "user", id: user.id }),
    listWebhooks(user.id),
    cookies(),
  ]);
  const theme = cookieStore.get(THEME_COOKIE)?.value;
  return (
    <>
      <Header email={user.email} theme={isTheme(theme) ? theme : undefined} />
      <DashboardContent
        initialSecrets={secrets}
        initialWebhooks={webhooks}
        platformKeys={[...env().platformKeys.keys()]}
      />
    </>
  );
}

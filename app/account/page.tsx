import type { Metadata } from "next";
import { cookies } from "next/headers";
import { DeleteCard } from "@/components/account/DeleteCard";
import { EmailCard } from "@/components/account/EmailCard";
import { PasswordCard } from "@/components/account/PasswordCard";
import { SecondFactorCard } from "@/components/account/SecondFactorCard";
import { SessionsCard } from "@/components/account/SessionsCard";
import { ThemeCard } from "@/components/account/ThemeCard";
import { Header } from "@/components/layout/Header";
import { listSessions } from "@/lib/account/sessions";
import { readSecondFactors } from "@/lib/auth/factors";
import { isTheme, THEME_COOKIE } from "@/lib/theme";
import { loadWorkspace, type SearchParams } from "@/lib/workspace/load";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage({ searchParams }: { searchParams: SearchParams }) {
  const workspace = await loadWorkspace(searchParams, "account");
  const { user } = workspace;
  const [sessions, secondFactors, store] = await Promise.all([
    listSessions(user),
    readSecondFactors(),
    cookies(),
  ]);
  const theme = store.get(THEME_COOKIE)?.value;
  return (
    <>
      <Header workspace={workspace} page="account" />
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto flex w-full max-w-2xl flex-col gap-5 px-4 py-5 sm:px-6 lg:py-8"
      >
        <div>
          <h1 className="text-xl font-semibold tracking-tight">Account</h1>
          <p className="text-sm text-muted-foreground [overflow-wrap:anywhere]">Signed in as {user.email}.</p>
        </div>
        <PasswordCard email={user.email} hasSecondFactor={user.hasSecondFactor} />
        <EmailCard email={user.email} />
        <SecondFactorCard {...secondFactors} />
        <SessionsCard sessions={sessions} />
        <ThemeCard theme={isTheme(theme) ? theme : undefined} />
        <DeleteCard />
      </main>
    </>
  );
}

import { cookies } from "next/headers";
import { Suspense } from "react";
import { Confirmer } from "@/components/confirmation/Confirmer";
import { ShownUser } from "@/components/vault/ShownUser";
import { cn } from "@/components/vault/ui/cn";
import { confirmationMinutes } from "@/lib/auth/confirmation";
import { isOperator } from "@/lib/operator/access";
import type { TeamSummary } from "@/lib/teams/types";
import { isTheme, THEME_COOKIE } from "@/lib/theme";
import type { Owner } from "@/lib/vault/types";
import { hasUnseenPause } from "@/lib/webhooks/pauses";
import { type PageName, pageHref } from "@/lib/workspace/href";
import type { Workspace } from "@/lib/workspace/load";
import { AccountMenu } from "./AccountMenu";
import { Logo } from "./Logo";
import { WorkspaceSwitcher } from "./WorkspaceSwitcher";

/** The pages of a workspace. */
const LABELS = {
  dashboard: "Dashboard",
  usage: "Usage",
  activity: "Activity",
  team: "Team",
} as const satisfies Partial<Record<PageName, string>>;

interface HeaderProps {
  workspace: Workspace;
  /** The one that this is; undefined on pages that are not of one workspace. */
  page: PageName | "operator" | undefined;
}

/** Where one is, and the ways elsewhere. */
export async function Header({ workspace: { user, team, teams }, page }: HeaderProps) {
  const theme = (await cookies()).get(THEME_COOKIE)?.value;
  const pages: (keyof typeof LABELS)[] = [
    "dashboard",
    "usage",
    ...activityFor(team?.role),
    ...(team ? ["team" as const] : []),
  ];
  return (
    <header className="border-b bg-card">
      <ShownUser userId={user.id} />
      <Confirmer email={user.email} hasSecondFactor={user.hasSecondFactor} minutes={confirmationMinutes()} />
      <div className="mx-auto flex h-14 max-w-7xl items-center gap-2 px-4 sm:px-6">
        <Logo compact />
        <WorkspaceSwitcher team={team} teams={teams} page={page === "operator" ? undefined : page} />
        <AccountMenu
          email={user.email}
          theme={isTheme(theme) ? theme : undefined}
          isOperator={isOperator(user)}
          page={page === "account" || page === "operator" ? page : undefined}
        />
      </div>
      <nav aria-label="Pages" className="mx-auto flex max-w-7xl gap-1 overflow-x-auto px-2 sm:px-4">
        {pages.map((name) => (
          // Plain links: a full load leaves nothing of one workspace in the memory of another.
          <a
            key={name}
            href={pageHref(name, team?.id ?? null)}
            aria-current={name === page ? "page" : undefined}
            className={cn(
              "rounded-t-md border-b-2 border-transparent px-2 py-2 text-sm text-muted-foreground focus-visible:outline-hidden transition-colors hover:text-foreground focus-visible:ring-[3px] focus-visible:ring-ring/60 focus-visible:ring-inset forced-colors:focus-visible:-outline-offset-4",
              name === page && "border-primary font-medium text-foreground",
            )}
          >
            {LABELS[name]}
            {name === "dashboard" && (
              // The page does not wait for it.
              <Suspense fallback={null}>
                <PauseMark userId={user.id} team={team} />
              </Suspense>
            )}
          </a>
        ))}
      </nav>
    </header>
  );
}

/** Marks that a webhook paused itself, for those who may see it, until one of them has looked at it. */
async function PauseMark({ userId, team }: { userId: string; team: TeamSummary | null }) {
  if (team?.role === "member") return null;
  const owner: Owner = team ? { type: "team", id: team.id } : { type: "user", id: userId };
  // Where the database does not answer, the page itself says so.
  if (!(await hasUnseenPause(owner).catch(() => false))) return null;
  return (
    <>
      <span
        aria-hidden
        className="ml-1.5 inline-block size-2 rounded-full bg-warning-foreground forced-colors:bg-[CanvasText] align-middle"
      />
      <span className="sr-only">(a webhook was paused)</span>
    </>
  );
}

/** Only admins see a team's activity; everyone sees their own. */
const activityFor = (role: "admin" | "member" | undefined) =>
  role === "member" ? [] : ["activity" as const];

import { Check, ChevronsUpDown, Plus, User, Users } from "lucide-react";
import type { ReactNode } from "react";
import type { TeamSummary } from "@/lib/teams/types";
import { type PageName, pageHref } from "@/lib/workspace/href";
import { MENU_ENTRY } from "./menuEntry";

interface WorkspaceSwitcherProps {
  /** The present workspace; null for the person's own. */
  team: TeamSummary | null;
  teams: readonly TeamSummary[];
  /** The page to stay on, where the other workspace has it too. */
  page: PageName | undefined;
}

const MENU = "workspaces";

/** Says in which workspace one is, and opens the list of the others. A popover of the browser: no script. */
export function WorkspaceSwitcher({ team, teams, page }: WorkspaceSwitcherProps) {
  const Icon = team ? Users : User;
  return (
    <>
      <button
        type="button"
        popoverTarget={MENU}
        className="flex h-9 min-w-0 max-w-56 items-center md:shrink-0 gap-2 rounded-md border px-2.5 text-sm focus-visible:outline-hidden transition-colors hover:bg-accent focus-visible:ring-[3px] focus-visible:ring-ring/60"
      >
        <Icon aria-hidden className="size-4 shrink-0 text-muted-foreground" />
        <span className="sr-only">Workspace:</span>
        <span className="truncate">{team ? team.name : "Personal"}</span>
        <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-muted-foreground" />
      </button>
      <div
        id={MENU}
        popover="auto"
        // Newer browsers tie a popover to its button only where this is said.
        className="header-menu m-0 [position-anchor:auto] max-h-[calc(100dvh-5rem)] w-64 max-w-[calc(100vw-2rem)] overflow-y-auto rounded-lg border bg-popover p-1 text-popover-foreground shadow-lg"
      >
        <nav aria-label="Workspaces">
          <ul>
            <Entry
              href={pageHref(stayOn(page, null), null)}
              current={team === null}
              icon={<User aria-hidden />}
            >
              Personal
            </Entry>
            {teams.map((other) => (
              <Entry
                key={other.id}
                href={pageHref(stayOn(page, other), other.id)}
                current={other.id === team?.id}
                icon={<Users aria-hidden />}
              >
                {other.name}
              </Entry>
            ))}
          </ul>
          {/* In sight however many teams there are. */}
          <div className="sticky -bottom-1 -mx-1 mt-1 -mb-1 border-t bg-popover p-1">
            <a href="/team/new" className={MENU_ENTRY}>
              <Plus aria-hidden />
              New team
            </a>
          </div>
        </nav>
      </div>
    </>
  );
}

/** The page to show after the switch: the same one, unless that workspace does not have it. */
function stayOn(page: PageName = "dashboard", team: TeamSummary | null): PageName {
  if (page === "account" || (page === "team" && team === null)) return "dashboard";
  if (page === "activity" && team?.role === "member") return "dashboard";
  return page;
}

interface EntryProps {
  href: string;
  current: boolean;
  icon: ReactNode;
  children: string;
}

function Entry({ href, current, icon, children }: EntryProps) {
  return (
    <li>
      {/* A full load: nothing of one workspace stays in the memory of another. */}
      <a
        href={href}
        aria-current={current ? "true" : undefined}
        // biome-ignore lint/a11y/noAutofocus: where the menu starts once somebody opens it, in a list of any length
        autoFocus={current}
        title={children}
        className={MENU_ENTRY}
      >
        {icon}
        <span className="min-w-0 flex-1 truncate">{children}</span>
        {current && <Check aria-hidden />}
      </a>
    </li>
  );
}

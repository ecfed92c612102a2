import { CircleUser, Gauge, Settings } from "lucide-react";
import type { Theme } from "@/lib/theme";
import { OPERATOR_PAGE, pageHref } from "@/lib/workspace/href";
import { MENU_ENTRY } from "./menuEntry";
import { SignOutForm } from "./SignOutForm";
import { ThemeChoice } from "./ThemeChoice";

interface AccountMenuProps {
  email: string;
  /** What the person chose; undefined for the system's. */
  theme: Theme | undefined;
  /** Whether they run this site. */
  isOperator: boolean;
  /** Which of the menu's pages this is, if it is one. */
  page: "account" | "operator" | undefined;
}

const MENU = "account-menu";

/** Says who is signed in, and opens what is theirs and of no workspace. A popover of the browser: no script. */
export function AccountMenu({ email, theme, isOperator, page }: AccountMenuProps) {
  return (
    <>
      <button
        type="button"
        popoverTarget={MENU}
        aria-label={`Account: ${email}`}
        title={email}
        className="ml-auto flex h-9 min-w-9 shrink-0 items-center justify-center gap-2 rounded-md text-sm focus-visible:outline-hidden transition-colors hover:bg-accent focus-visible:ring-[3px] focus-visible:ring-ring/60 sm:min-w-0 sm:shrink sm:px-2.5"
      >
        <CircleUser aria-hidden className="size-4 shrink-0 text-muted-foreground" />
        <span className="hidden max-w-56 truncate sm:block">{email}</span>
      </button>
      <div
        id={MENU}
        popover="auto"
        className="header-menu header-menu-end m-0 [position-anchor:auto] max-h-[calc(100dvh-5rem)] w-72 max-w-[calc(100vw-2rem)] overflow-y-auto rounded-lg border bg-popover p-1 text-popover-foreground shadow-lg"
      >
        <p className="px-2 py-1.5 text-sm [overflow-wrap:anywhere]">
          <span className="block text-muted-foreground">Signed in as</span>
          <span className="font-medium">{email}</span>
        </p>
        <div className="-mx-1 border-y p-1">
          <a
            href={pageHref("account", null)}
            aria-current={page === "account" ? "page" : undefined}
            className={MENU_ENTRY}
          >
            <Settings aria-hidden />
            Account
          </a>
          {isOperator && (
            <a
              href={OPERATOR_PAGE}
              aria-current={page === "operator" ? "page" : undefined}
              className={MENU_ENTRY}
            >
              <Gauge aria-hidden />
              Operator
            </a>
          )}
        </div>
        <div className="-mx-1 border-b px-3 pt-2 pb-3">
          <ThemeChoice initial={theme} />
        </div>
        <div className="pt-1">
          <SignOutForm />
        </div>
      </div>
    </>
  );
}

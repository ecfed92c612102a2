import { LogOut } from "lucide-react";
import { signOut } from "@/app/login/actions";
import { Button } from "@/components/ui/button";
import type { Theme } from "@/lib/theme";
import { Logo } from "./Logo";
import { ThemeSwitch } from "./ThemeSwitch";

export function Header({ email, theme }: { email: string; theme: Theme | undefined }) {
  return (
    <header className="border-b bg-card">
      <div className="mx-auto flex h-14 max-w-7xl items-center gap-2 px-4 sm:px-6">
        <Logo />
        <span className="ml-auto hidden truncate text-sm text-muted-foreground sm:block">{email}</span>
        <div className="ml-auto flex items-center gap-1 sm:ml-2">
          <ThemeSwitch initial={theme} />
          <form action={signOut}>
            <Button
              type="submit"
              variant="ghost"
              size="icon"
              aria-label="Sign out"
              title={`Sign out ${email}`}
            >
              <LogOut aria-hidden />
            </Button>
          </form>
        </div>
      </div>
    </header>
  );
}

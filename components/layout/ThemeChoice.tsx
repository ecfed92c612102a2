"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useId, useSyncExternalStore } from "react";
import { cn } from "@/components/vault/ui/cn";
import { isTheme, THEME_COOKIE, type Theme } from "@/lib/theme";

const CHOICES = [
  { theme: "system", label: "System", Icon: Monitor },
  { theme: "light", label: "Light", Icon: Sun },
  { theme: "dark", label: "Dark", Icon: Moon },
] as const;
type Choice = (typeof CHOICES)[number]["theme"];

const ONE_YEAR_SECONDS = 31_536_000;

/**
 * The theme: as the system has it, light or dark. It is the document's, so two of these on one page always agree.
 *
 * @param initial what the server has rendered the document with
 */
export function ThemeChoice({
  initial,
  isTitled = false,
}: {
  initial: Theme | undefined;
  isTitled?: boolean;
}) {
  const name = useId();
  const chosen = useSyncExternalStore<Choice>(watchDocument, themeOfDocument, () => initial ?? "system");
  return (
    <fieldset>
      <legend className={cn("pb-1.5 text-sm text-muted-foreground", isTitled && "sr-only")}>Theme</legend>
      <div className="flex gap-1 rounded-md border p-1">
        {CHOICES.map(({ theme, label, Icon }) => (
          <label
            key={theme}
            className="relative flex grow cursor-pointer items-center justify-center gap-1.5 rounded-sm border border-transparent px-1.5 py-0.5 text-sm text-muted-foreground transition-colors hover:text-foreground has-checked:border-primary has-checked:bg-accent has-checked:text-foreground has-focus-visible:outline-hidden has-focus-visible:ring-[3px] has-focus-visible:ring-ring/60"
          >
            <input
              type="radio"
              name={name}
              value={theme}
              checked={chosen === theme}
              onChange={() => choose(theme)}
              className="absolute inset-0 size-full cursor-pointer opacity-0"
            />
            <Icon aria-hidden className="size-4 shrink-0" />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function themeOfDocument(): Choice {
  const { theme } = document.documentElement.dataset;
  return isTheme(theme) ? theme : "system";
}

function watchDocument(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

function choose(theme: Choice): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  const maxAge = theme === "system" ? 0 : ONE_YEAR_SECONDS;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=${maxAge}; samesite=lax`;
}

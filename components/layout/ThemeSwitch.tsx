"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/vault/ui/button";
import { THEME_COOKIE, type Theme } from "@/lib/theme";

const ORDER = ["system", "light", "dark"] as const;
const ICONS = { system: Monitor, light: Sun, dark: Moon };
const ONE_YEAR_SECONDS = 31_536_000;

/** Goes round: as the system has it, light, dark. */
export function ThemeSwitch({ initial }: { initial: Theme | undefined }) {
  const [theme, setTheme] = useState<(typeof ORDER)[number]>(initial ?? "system");
  const next = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length] ?? "system";
  const Icon = ICONS[theme];

  function apply() {
    setTheme(next);
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    const maxAge = next === "system" ? 0 : ONE_YEAR_SECONDS;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
    document.cookie = `${THEME_COOKIE}=${next}; path=/; max-age=${maxAge}; samesite=lax`;
  }

  return (
    <Button
      variant="ghost"
      size="icon"
      onClick={apply}
      aria-label={`Theme: ${theme}. Switch to ${next}.`}
      title={`Theme: ${theme}`}
    >
      <Icon aria-hidden />
    </Button>
  );
}

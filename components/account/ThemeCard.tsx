"use client";

import { useId } from "react";
import { ThemeChoice } from "@/components/layout/ThemeChoice";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import type { Theme } from "@/lib/theme";

/** Light or dark, in this browser. */
export function ThemeCard({ theme }: { theme: Theme | undefined }) {
  const id = useId();
  return (
    <Card aria-labelledby={`${id}-title`}>
      <CardHeader>
        <CardTitle id={`${id}-title`}>Theme</CardTitle>
        <CardDescription>Applies to this browser only.</CardDescription>
      </CardHeader>
      <CardContent className="sm:max-w-80">
        <ThemeChoice initial={theme} isTitled />
      </CardContent>
    </Card>
  );
}

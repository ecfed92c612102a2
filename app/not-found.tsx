import type { Metadata } from "next";
import { Logo } from "@/components/layout/Logo";

export const metadata: Metadata = { title: "Page not found" };

export default function NotFound() {
  return (
    <main
      id="content"
      tabIndex={-1}
      className="mx-auto flex min-h-dvh max-w-md flex-col items-center justify-center gap-4 px-6 text-center"
    >
      <Logo />
      <h1 className="text-xl font-semibold">This page doesn't exist, or you don't have access to it</h1>
      <p className="text-muted-foreground">
        If it belonged to a team, you may have left the team or been removed.
      </p>
      {/* A full load: nothing of a workspace that is lost stays in memory. */}
      <a className="underline underline-offset-4" href="/dashboard">
        Go to your personal workspace
      </a>
    </main>
  );
}

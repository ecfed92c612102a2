import { CircleAlert } from "lucide-react";
import { Alert, AlertDescription, AlertTitle } from "@/components/ui/alert";
import type { RevealError } from "@/lib/reveal/requests";

/** Codes of which the person can mend the cause in their own vault. */
const MENDED_IN_VAULT = new Set([
  "no_key",
  "provider_refused_key",
  "provider_no_credit",
  "secret_unreadable",
]);

/** Why it did not work, and what to do next. */
export function RevealAlert({ error }: { error: RevealError }) {
  return (
    <Alert variant="destructive">
      <CircleAlert aria-hidden />
      <AlertTitle>That did not work</AlertTitle>
      <AlertDescription>
        <p>{error.message}</p>
        <NextStep error={error} />
      </AlertDescription>
    </Alert>
  );
}

function NextStep({ error }: { error: RevealError }) {
  const link = "underline underline-offset-4";
  if (error.code === "unauthenticated") {
    return (
      <a href="/login" className={link}>
        Sign in
      </a>
    );
  }
  if (MENDED_IN_VAULT.has(error.code) && error.source !== "team") {
    return (
      <a href="#vault" className={link}>
        Open the vault
      </a>
    );
  }
  return null;
}

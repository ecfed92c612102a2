import { KeyRound } from "lucide-react";
import { REVEAL_KEY } from "@/lib/reveal/types";
import type { SecretSource } from "@/lib/vault/types";
import { describePayers } from "./words";

/** Whose key the next run is paid with. */
export function PayerLine({ payers }: { payers: readonly SecretSource[] | null }) {
  return (
    <p className="flex items-start gap-2 text-sm text-muted-foreground">
      <KeyRound aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>
        <PayerText payers={payers} />
      </span>
    </p>
  );
}

function PayerText({ payers }: { payers: readonly SecretSource[] | null }) {
  if (payers === null) return "It is not known right now whose key will be used. The result will say.";
  const [first, ...others] = payers;
  if (first) return describePayers([first, ...others]);
  return (
    <>
      No key yet: add {REVEAL_KEY} to{" "}
      <a href="#vault" className="text-foreground underline underline-offset-4">
        the vault
      </a>
      .
    </>
  );
}

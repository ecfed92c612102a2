"use client";

import { KeyRound, Plus } from "lucide-react";
import { useRef, useState } from "react";
import { toast } from "sonner";
import { Accordion, AccordionContent, AccordionItem, AccordionTrigger } from "@/components/ui/accordion";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardAction, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { ApiError } from "@/lib/http/client";
import { CATEGORIES, type SecretMetadata } from "@/lib/vault/types";
import { explainDeletion } from "./vault/consequence";
import { DeleteSecretDialog } from "./vault/DeleteSecretDialog";
import { SecretDialog } from "./vault/SecretDialog";
import { SecretRow } from "./vault/SecretRow";
import { useRevealedSecret } from "./vault/useRevealedSecret";

interface VaultManagerProps {
  /** Sorted by key. */
  secrets: readonly SecretMetadata[];
  onSecretsChange: (secrets: SecretMetadata[]) => void;
  /** Keys that the platform has a value of its own for. */
  platformKeys: readonly string[];
}

type OpenDialog = { kind: "add" } | { kind: "edit" | "delete"; secret: SecretMetadata };

/** The panel in which a person keeps their API keys. */
export function VaultManager({ secrets, onSecretsChange, platformKeys }: VaultManagerProps) {
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const [announcement, setAnnouncement] = useState("");
  const { revealed, loadingKey, reveal, hide } = useRevealedSecret(() =>
    setAnnouncement("The value is hidden."),
  );
  const addButton = useRef<HTMLButtonElement>(null);
  const opener = useRef<Element | null>(null);
  const used = CATEGORIES.filter((category) => secrets.some((secret) => secret.category === category));
  const [openCategories, setOpenCategories] = useState<string[]>(used);

  function open(next: OpenDialog) {
    hide();
    opener.current = document.activeElement;
    setDialog(next);
  }

  function returnFocus(event: Event) {
    event.preventDefault();
    const target = opener.current?.isConnected ? (opener.current as HTMLElement) : addButton.current;
    target?.focus();
  }

  async function show(key: string) {
    try {
      if (await reveal(key)) setAnnouncement(`The value of ${key} is shown. It hides after 30 seconds.`);
    } catch (failure) {
      toast.error(failure instanceof ApiError ? failure.message : "That did not work. Try again.");
    }
  }

  function replace(key: string, saved: SecretMetadata | null) {
    const others = secrets.filter((secret) => secret.key !== key);
    const next = saved ? [...others, saved] : others;
    onSecretsChange(next.sort((a, b) => (a.key < b.key ? -1 : 1)));
    if (saved) setOpenCategories((current) => [...new Set([...current, saved.category])]);
    setDialog(null);
  }

  return (
    <Card id="vault" aria-labelledby="vault-title" className="scroll-mt-4">
      <CardHeader>
        <CardTitle id="vault-title">Vault</CardTitle>
        <CardDescription>Your API keys, encrypted. Features use yours before anybody else's.</CardDescription>
        <CardAction>
          <Button ref={addButton} size="sm" onClick={() => open({ kind: "add" })}>
            <Plus aria-hidden />
            Add<span className="sr-only"> a secret</span>
          </Button>
        </CardAction>
      </CardHeader>
      <CardContent>
        {secrets.length === 0 ? (
          <div className="flex flex-col items-center gap-3 rounded-lg border border-dashed px-4 py-8 text-center">
            <KeyRound aria-hidden className="size-6 text-muted-foreground" />
            <p className="max-w-xs text-sm text-muted-foreground">
              Add your ANTHROPIC_API_KEY, and Reveal runs on your own account from then on.
            </p>
          </div>
        ) : (
          <Accordion type="multiple" value={openCategories} onValueChange={setOpenCategories}>
            {used.map((category) => {
              const rows = secrets.filter((secret) => secret.category === category);
              return (
                <AccordionItem key={category} value={category}>
                  <AccordionTrigger>
                    <span className="flex items-center gap-2">
                      {category}
                      <Badge variant="secondary">
                        {rows.length}
                        <span className="sr-only">{rows.length === 1 ? " secret" : " secrets"}</span>
                      </Badge>
                    </span>
                  </AccordionTrigger>
                  <AccordionContent>
                    <ul className="flex flex-col gap-2">
                      {rows.map((secret) => (
                        <SecretRow
                          key={secret.key}
                          secret={secret}
                          value={revealed?.key === secret.key ? revealed.value : undefined}
                          loading={loadingKey === secret.key}
                          onShow={() => show(secret.key)}
                          onHide={hide}
                          onEdit={() => open({ kind: "edit", secret })}
                          onDelete={() => open({ kind: "delete", secret })}
                        />
                      ))}
                    </ul>
                  </AccordionContent>
                </AccordionItem>
              );
            })}
          </Accordion>
        )}
      </CardContent>
      <p className="sr-only" role="status">
        {announcement}
      </p>
      {dialog && dialog.kind !== "delete" && (
        <SecretDialog
          secret={dialog.kind === "edit" ? dialog.secret : null}
          existingKeys={secrets.map((secret) => secret.key)}
          onSaved={(saved) => {
            replace(saved.key, saved);
            toast.success(`${saved.key} is saved.`);
          }}
          onClose={() => setDialog(null)}
          onCloseAutoFocus={returnFocus}
        />
      )}
      {dialog?.kind === "delete" && (
        <DeleteSecretDialog
          secret={dialog.secret}
          consequence={explainDeletion(dialog.secret.key, platformKeys)}
          onDeleted={() => {
            replace(dialog.secret.key, null);
            toast.success(`${dialog.secret.key} is deleted.`);
          }}
          onClose={() => setDialog(null)}
          onCloseAutoFocus={returnFocus}
        />
      )}
    </Card>
  );
}

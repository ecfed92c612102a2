"use client";

import { FileUp } from "lucide-react";
import { type DragEvent, type FormEvent, useEffect, useId, useRef, useState } from "react";
import { Alert, AlertDescription } from "@/components/vault/ui/alert";
import { Button } from "@/components/vault/ui/button";
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "@/components/vault/ui/dialog";
import { Label } from "@/components/vault/ui/label";
import { Textarea } from "@/components/vault/ui/textarea";
import { type EnvRow, parseEnvFile } from "@/lib/vault/env-import";
import { ApiError } from "@/lib/vault/http/client";
import type { ImportRequest } from "@/lib/vault/requests";
import { MAX_ENV_FILE_BYTES, type SecretMetadata } from "@/lib/vault/types";
import { ImportPreview } from "./ImportPreview";

/** A second click that was meant for "Preview" comes sooner than anybody can read what is previewed. */
const READING_TAKES_MS = 500;
const NOTHING_IN_IT = "There is no assignment such as NAME=value in it.";

interface ImportDialogProps {
  /** A .env file's text that is there already; undefined asks for one. */
  text: string | undefined;
  secrets: readonly SecretMetadata[];
  /** Resolves once all are stored; rejects with an ApiError, and then none is. */
  onImport: (rows: ImportRequest[]) => Promise<void>;
  /** Asks for the list anew, where it turned out to be of yesterday. */
  onReload: () => Promise<readonly SecretMetadata[]>;
  onSignIn: () => void;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** Takes a .env file, shows what would happen with each line of it, and stores all chosen ones or none. */
export function ImportDialog(props: ImportDialogProps) {
  const id = useId();
  const paste = useRef<HTMLTextAreaElement>(null);
  // Only while the dialog is open. The values have to be somewhere between the preview and the request.
  const [parsed, setParsed] = useState(() => {
    const first = props.text === undefined ? null : parseEnvFile(props.text);
    return first && first.rows.length > 0 ? first : null;
  });
  const preview = useRef<HTMLDivElement>(null);
  const [canStore, setCanStore] = useState(false);
  const existing = new Map(props.secrets.map((secret) => [secret.key, secret]));
  // Replacing loses the present value, so it is never the default.
  const [skipped, setSkipped] = useState<ReadonlySet<string>>(new Set(existing.keys()));
  const [failure, setFailure] = useState<{ message: string; code?: string } | null>(
    props.text === undefined || parsed ? null : { message: NOTHING_IN_IT },
  );
  const [storing, setStoring] = useState(false);
  const chosen = parsed?.rows.filter((row) => !row.problem && !skipped.has(row.key)) ?? [];

  function read(text: string) {
    setFailure(null);
    const next = parseEnvFile(text);
    if (next.rows.length === 0) {
      setFailure({ message: next.problems[0] ?? NOTHING_IN_IT });
      return;
    }
    setParsed(next);
  }

  async function readFile(file: File | undefined) {
    if (!file) return;
    if (file.size > MAX_ENV_FILE_BYTES) return setFailure({ message: "The file is larger than 256 KiB." });
    try {
      read(await file.text());
    } catch {
      setFailure({ message: "The file cannot be read." });
    }
  }

  const isPreviewed = parsed !== null;
  useEffect(() => {
    if (!isPreviewed) return;
    preview.current?.focus();
    const soon = setTimeout(() => setCanStore(true), READING_TAKES_MS);
    return () => clearTimeout(soon);
  }, [isPreviewed]);

  function drop(event: DragEvent) {
    event.preventDefault();
    event.stopPropagation();
    void readFile(event.dataTransfer.files[0]);
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!parsed) return read(paste.current?.value ?? "");
    if (chosen.length === 0) return setFailure({ message: "Every row is skipped. Choose at least one." });
    setStoring(true);
    setFailure(null);
    try {
      await props.onImport(chosen.map((row) => toRequest(row, existing.get(row.key))));
    } catch (error) {
      setFailure(await explain(error));
      setStoring(false);
    }
  }

  /** What was changed elsewhere is skipped from now on, until the person has seen that and decides. */
  async function explain(error: unknown): Promise<{ message: string; code?: string }> {
    if (!(error instanceof ApiError)) return { message: "That did not work. Nothing was stored." };
    if (error.code !== "secret_changed") return error;
    try {
      const current = await props.onReload();
      const moved = current.filter(({ key, updated_at }) => existing.get(key)?.updated_at !== updated_at);
      const names = moved.map(({ key }) => key).filter((key) => chosen.some((row) => row.key === key));
      setSkipped(new Set([...skipped, ...names]));
      return {
        message: `Nothing was stored: the vault was changed elsewhere. Skipped now: ${names.join(", ") || "none"}. Tick what you want to replace.`,
      };
    } catch (failure) {
      return failure instanceof ApiError ? failure : error;
    }
  }

  return (
    <Dialog open onOpenChange={(open) => !open && !storing && props.onClose()}>
      <DialogContent className="sm:max-w-2xl" onCloseAutoFocus={props.onCloseAutoFocus}>
        <DialogHeader>
          <DialogTitle>Import a .env file</DialogTitle>
          <DialogDescription>
            {parsed
              ? "Nothing is stored yet. All chosen rows are stored together, or none."
              : "Its keys are shown first. Comments above a line become its description."}
          </DialogDescription>
        </DialogHeader>
        <form onSubmit={submit} noValidate autoComplete="off" className="flex min-w-0 flex-col gap-4">
          {failure && (
            <Alert variant="destructive">
              <AlertDescription>
                <p>{failure.message}</p>
                {failure.code === "unauthenticated" && (
                  <>
                    <p>The file is not kept. Import it again afterwards.</p>
                    <Button variant="outline" size="sm" onClick={() => props.onSignIn()}>
                      Sign in again
                    </Button>
                  </>
                )}
              </AlertDescription>
            </Alert>
          )}
          {parsed ? (
            <ImportPreview
              ref={preview}
              rows={parsed.rows}
              problems={parsed.problems}
              existing={existing}
              skipped={skipped}
              onSkippedChange={setSkipped}
            />
          ) : (
            // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a short cut; the button below does the same
            <div className="flex flex-col gap-3" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
              <div className="flex flex-col gap-2">
                <Label htmlFor={`${id}-text`}>Content of the file</Label>
                <Textarea
                  ref={paste}
                  id={`${id}-text`}
                  rows={6}
                  className="[-webkit-text-security:disc] max-h-60 font-mono"
                  placeholder="Paste it here, or drop the file"
                  autoComplete="off"
                  spellCheck={false}
                  data-1p-ignore
                  data-bwignore
                  data-lpignore="true"
                />
              </div>
              <Label
                htmlFor={`${id}-file`}
                className="w-fit cursor-pointer rounded-md border border-input px-3 py-2 shadow-xs hover:bg-accent has-focus-visible:ring-[3px] has-focus-visible:ring-ring/60"
              >
                <FileUp aria-hidden className="size-4" />
                Choose a file
                <input
                  id={`${id}-file`}
                  type="file"
                  className="sr-only"
                  onChange={(event) => readFile(event.target.files?.[0])}
                />
              </Label>
            </div>
          )}
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="outline" disabled={storing}>
                Cancel
              </Button>
            </DialogClose>
            <Button
              key={isPreviewed ? "store" : "preview"}
              type="submit"
              disabled={storing || (isPreviewed && !canStore)}
            >
              {!parsed
                ? "Preview"
                : storing
                  ? "Storing…"
                  : `Store ${chosen.length} ${chosen.length === 1 ? "secret" : "secrets"}`}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}

function toRequest(row: EnvRow, existing: SecretMetadata | undefined): ImportRequest {
  return {
    key: row.key,
    value: row.value,
    // What somebody has written about an existing secret is worth more than a guess.
    category: existing?.category ?? row.category,
    description: row.description || existing?.description || "",
    if_updated_at: existing?.updated_at ?? null,
  };
}

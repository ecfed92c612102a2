"use client";

import { type FormEvent, type SyntheticEvent, useEffect, useId, useRef, useState } from "react";
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
import { type EnvFile, parseEnvFile } from "@/lib/vault/env-import";
import { ApiError } from "@/lib/vault/http/client";
import type { ImportRequest } from "@/lib/vault/requests";
import type { SecretMetadata } from "@/lib/vault/types";
import { UseOnlyField } from "./DetailFields";
import { FileButton } from "./FileButton";
import { ImportPreview } from "./ImportPreview";
import { findLimit, toImportRequests } from "./importRequests";
import { readFiles, transferHandlers } from "./transfer";

/** A second click that was meant for "Preview" comes sooner than anybody can read what is previewed. */
const READING_TAKES_MS = 500;

interface ImportDialogProps {
  /** A .env file's text that is there already; undefined asks for one. */
  text: string | undefined;
  secrets: readonly SecretMetadata[];
  /** Whether others read the descriptions. */
  ofTeam: boolean;
  /** Resolves once all are stored; rejects with an ApiError, and then none is. */
  onImport: (rows: ImportRequest[], useOnly: boolean) => Promise<void>;
  /** Asks for the list anew, where it turned out to be of yesterday. */
  onReload: () => Promise<readonly SecretMetadata[]>;
  onSignIn: () => void;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** Replacing loses the present value, and what is surely broken is worth none, so neither is the default. */
const skippedAtFirst = (
  file: EnvFile | null,
  existing: ReadonlyMap<string, SecretMetadata>,
): ReadonlySet<string> =>
  new Set(file?.rows.filter((row) => row.isBroken || existing.has(row.key)).map(({ key }) => key));

/** Takes a .env file, shows what would happen with each line of it, and stores all chosen ones or none. */
export function ImportDialog(props: ImportDialogProps) {
  const id = useId();
  const paste = useRef<HTMLTextAreaElement>(null);
  const existing = new Map(props.secrets.map((secret) => [secret.key, secret]));
  // Only while the dialog is open. The values have to be somewhere between the preview and the request.
  const [first] = useState(() => (props.text === undefined ? null : parseEnvFile(props.text)));
  const [parsed, setParsed] = useState(first && first.rows.length > 0 ? first : null);
  const preview = useRef<HTMLDivElement>(null);
  const [canStore, setCanStore] = useState(false);
  const [skipped, setSkipped] = useState<ReadonlySet<string>>(() => skippedAtFirst(parsed, existing));
  /** The keys whose comment becomes their description. */
  const [described, setDescribed] = useState<ReadonlySet<string>>(new Set());
  const [failure, setFailure] = useState<{ message: string; code?: string } | null>(
    first && !parsed ? { message: first.problems.join(" ") } : null,
  );
  /** Whether the text has been in the field, and so may be nowhere else. */
  const [isPasted, setPasted] = useState(false);
  const [storing, setStoring] = useState(false);
  const [useOnly, setUseOnly] = useState(false);
  const chosen = parsed?.rows.filter((row) => !row.problem && !skipped.has(row.key)) ?? [];

  function read(text: string) {
    const next = parseEnvFile(text);
    if (next.rows.length === 0) return refuse(next.problems.join(" "));
    setFailure(null);
    setSkipped(skippedAtFirst(next, existing));
    setParsed(next);
  }

  const refuse = (message: string) => setFailure({ message });

  /** A file that is pasted or dropped. Text goes into the field. */
  function take(event: SyntheticEvent, data: DataTransfer) {
    const file = readFiles(data);
    if (!file) return;
    event.preventDefault();
    if (parsed)
      return refuse("These rows aren't stored yet. Store them or cancel, then import the next file.");
    void file.then((found) => ("text" in found ? read(found.text) : refuse(found.problem)));
  }

  const isPreviewed = parsed !== null;
  const isTooSoon = isPreviewed && !canStore;
  useEffect(() => {
    if (!isPreviewed) return;
    preview.current?.focus();
    const soon = setTimeout(() => setCanStore(true), READING_TAKES_MS);
    return () => clearTimeout(soon);
  }, [isPreviewed]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!parsed) {
      setPasted(true);
      return read(paste.current?.value ?? "");
    }
    if (chosen.length === 0) return refuse("Every row is skipped. Choose at least one.");
    const requests = toImportRequests(chosen, described, existing);
    const limit = findLimit(requests, existing.size);
    if (limit) return refuse(limit);
    setStoring(true);
    setFailure(null);
    try {
      await props.onImport(requests, useOnly);
    } catch (error) {
      setFailure(await explain(error));
      setStoring(false);
    }
  }

  /** What was changed elsewhere is skipped from now on, until the person has seen that and decides. */
  async function explain(error: unknown): Promise<{ message: string; code?: string }> {
    if (!(error instanceof ApiError)) return { message: "That didn't work. Nothing was stored." };
    if (error.code !== "secret_changed") return error;
    try {
      const current = await props.onReload();
      const moved = current.filter(({ key, updated_at }) => existing.get(key)?.updated_at !== updated_at);
      const names = moved.map(({ key }) => key).filter((key) => chosen.some((row) => row.key === key));
      setSkipped(new Set([...skipped, ...names]));
      return {
        message: `Nothing was stored: the vault was changed elsewhere. Now skipped: ${names.join(", ") || "none"}. Select the ones that you want to replace.`,
      };
    } catch (failure) {
      return failure instanceof ApiError ? failure : error;
    }
  }

  return (
    <Dialog
      open
      isUnsaved={isPasted && isPreviewed}
      onOpenChange={(open) => !open && !storing && props.onClose()}
    >
      <DialogContent
        className="sm:max-w-2xl"
        onCloseAutoFocus={props.onCloseAutoFocus}
        {...transferHandlers(take)}
        // The preview has another size, so a second click may fall beside it.
        onPointerDownOutside={(event) => isTooSoon && event.preventDefault()}
      >
        <DialogHeader>
          <DialogTitle>Import a .env file</DialogTitle>
          <DialogDescription>
            {parsed
              ? "Nothing is stored yet. The selected rows are stored together, or not at all."
              : "You see its keys first. Nothing is stored until you confirm."}
          </DialogDescription>
        </DialogHeader>
        <form onSubmit={submit} noValidate autoComplete="off" className="flex min-w-0 flex-col gap-4">
          {failure && (
            <Alert variant="destructive">
              <AlertDescription>
                <p>{failure.message}</p>
                {failure.code === "unauthenticated" && (
                  <>
                    <p>The file isn&apos;t kept. Import it again after you sign in.</p>
                    <Button variant="outline" size="sm" onClick={() => props.onSignIn()}>
                      Sign in again
                    </Button>
                  </>
                )}
              </AlertDescription>
            </Alert>
          )}
          {parsed ? (
            <>
              <ImportPreview
                ref={preview}
                rows={parsed.rows}
                problems={parsed.problems}
                existing={existing}
                skipped={skipped}
                onSkippedChange={setSkipped}
                described={described}
                onDescribedChange={setDescribed}
                ofTeam={props.ofTeam}
              />
              <UseOnlyField isOn={useOnly} onChange={setUseOnly} isFixed={false} ofTeam={props.ofTeam} />
            </>
          ) : (
            <div className="flex flex-col gap-3">
              <div className="flex flex-col gap-2">
                <Label htmlFor={`${id}-text`}>File contents</Label>
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
              <FileButton id={`${id}-file`} onText={read} onProblem={refuse} />
            </div>
          )}
          <DialogFooter>
            <DialogClose disabled={storing || isTooSoon}>Cancel</DialogClose>
            <Button key={isPreviewed ? "store" : "preview"} type="submit" disabled={storing || isTooSoon}>
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

"use client";

import { ExternalLink } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { Alert, AlertDescription } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { NativeSelect } from "@/components/ui/native-select";
import { Textarea } from "@/components/ui/textarea";
import { ApiError, callApi } from "@/lib/http/client";
import { CATALOG, findCatalogEntry } from "@/lib/vault/catalog";
import { checkValue, KEY_NAME, KEY_NAME_RULE, MAX_DESCRIPTION_LENGTH } from "@/lib/vault/rules";
import { CATEGORIES, type Category, type SecretMetadata } from "@/lib/vault/types";

interface SecretDialogProps {
  /** The secret to edit; null adds one. */
  secret: SecretMetadata | null;
  /** The owner's keys, so that adding one of them again is said before it replaces anything. */
  existingKeys: readonly string[];
  onSaved: (saved: SecretMetadata) => void;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** Adds a secret, or edits one: its category and description, and, only if one is entered, its value. */
export function SecretDialog({
  secret,
  existingKeys,
  onSaved,
  onClose,
  onCloseAutoFocus,
}: SecretDialogProps) {
  const id = useId();
  const [key, setKey] = useState(secret?.key ?? "");
  const [category, setCategory] = useState<Category>(secret?.category ?? "General");
  const [error, setError] = useState<{ field?: "key" | "value"; message: string } | null>(null);
  const [saving, setSaving] = useState(false);
  const known = findCatalogEntry(key);
  const replaces = !secret && existingKeys.includes(key);

  function changeKey(next: string) {
    // Names are written in capitals; typing them so should cost nothing.
    const name = next.toUpperCase().replace(/[\s-]/g, "_");
    setKey(name);
    const entry = findCatalogEntry(name);
    if (entry) setCategory(entry.category);
  }

  async function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    // The value is read from the field when it is sent, so that it is never part of the page's state.
    const fields = new FormData(event.currentTarget);
    const entered = String(fields.get("secret-value") ?? "");
    if (!KEY_NAME.test(key)) return setError({ field: "key", message: KEY_NAME_RULE });
    const keepValue = secret !== null && entered === "";
    const checked = keepValue ? undefined : checkValue(key, entered);
    if (checked && "problem" in checked) return setError({ field: "value", message: checked.problem });
    setSaving(true);
    setError(null);
    try {
      onSaved(
        await callApi<SecretMetadata>("POST", "/api/vault", {
          key,
          value: checked?.value,
          category,
          description: String(fields.get("description") ?? ""),
          if_updated_at: secret?.updated_at,
        }),
      );
    } catch (failure) {
      setError({ message: failure instanceof ApiError ? failure.message : "That did not work. Try again." });
      setSaving(false);
    }
  }

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent onCloseAutoFocus={onCloseAutoFocus}>
        <DialogHeader>
          <DialogTitle>{secret ? `Edit ${secret.key}` : "Add a secret"}</DialogTitle>
          <DialogDescription>
            {secret
              ? "Changing the category or the description leaves the value as it is."
              : "The value is encrypted before it is stored."}
          </DialogDescription>
        </DialogHeader>
        <form onSubmit={save} noValidate autoComplete="off" className="flex flex-col gap-4">
          {error && (
            <Alert variant="destructive" id={`${id}-error`}>
              <AlertDescription>{error.message}</AlertDescription>
            </Alert>
          )}
          {!secret && (
            <div className="flex flex-col gap-2">
              <Label htmlFor={`${id}-key`}>Key name</Label>
              <Input
                id={`${id}-key`}
                value={key}
                onChange={(event) => changeKey(event.target.value)}
                list={`${id}-suggestions`}
                placeholder="ANTHROPIC_API_KEY"
                className="font-mono"
                autoComplete="off"
                autoCapitalize="characters"
                spellCheck={false}
                maxLength={64}
                aria-invalid={error?.field === "key"}
                aria-describedby={`${id}-key-hint${error?.field === "key" ? ` ${id}-error` : ""}`}
              />
              <datalist id={`${id}-suggestions`}>
                {CATALOG.map((entry) => (
                  <option key={entry.key} value={entry.key}>
                    {entry.label}
                  </option>
                ))}
              </datalist>
              <p id={`${id}-key-hint`} className="text-sm text-muted-foreground">
                {replaces
                  ? `You have a ${key} already. Saving replaces its value.`
                  : known
                    ? known.label
                    : "Begin to type for suggestions, or choose a name of your own."}
              </p>
            </div>
          )}
          <div className="flex flex-col gap-2">
            <Label htmlFor={`${id}-value`}>{secret ? "New value" : "Value"}</Label>
            <Textarea
              id={`${id}-value`}
              name="secret-value"
              rows={2}
              className="secret-field max-h-40 font-mono"
              placeholder={secret ? "Leave empty to keep the present value" : undefined}
              autoComplete="off"
              autoCorrect="off"
              autoCapitalize="none"
              spellCheck={false}
              data-1p-ignore
              data-bwignore
              data-lpignore="true"
              data-form-type="other"
              aria-invalid={error?.field === "value"}
              aria-describedby={error?.field === "value" ? `${id}-error` : undefined}
            />
            {known && (
              <a
                className="inline-flex w-fit items-center gap-1 text-sm underline underline-offset-4"
                href={known.url}
                target="_blank"
                rel="noreferrer"
              >
                Get one from the provider
                <ExternalLink aria-hidden className="size-3.5" />
                <span className="sr-only">(opens in a new tab)</span>
              </a>
            )}
          </div>
          <div className="flex flex-col gap-2">
            <Label htmlFor={`${id}-category`}>Category</Label>
            <NativeSelect
              id={`${id}-category`}
              value={category}
              onChange={(event) => setCategory(event.target.value as Category)}
            >
              {CATEGORIES.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </NativeSelect>
          </div>
          <div className="flex flex-col gap-2">
            <Label htmlFor={`${id}-description`}>
              Description <span className="font-normal text-muted-foreground">(optional)</span>
            </Label>
            <Input
              id={`${id}-description`}
              name="description"
              defaultValue={secret?.description}
              maxLength={MAX_DESCRIPTION_LENGTH}
              autoComplete="off"
            />
          </div>
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="outline">Cancel</Button>
            </DialogClose>
            <Button type="submit" disabled={saving}>
              {saving ? "Saving…" : secret ? "Save changes" : replaces ? "Replace the value" : "Add secret"}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}

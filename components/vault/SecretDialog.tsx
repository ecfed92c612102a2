"use client";

import { type FormEvent, useEffect, useId, useRef, useState } from "react";
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
import { findCatalogEntry } from "@/lib/vault/catalog";
import type { ApiError } from "@/lib/vault/http/client";
import type { SaveRequest } from "@/lib/vault/requests";
import type { SecretMetadata } from "@/lib/vault/types";
import { ConflictNotice } from "./ConflictNotice";
import { DetailFields } from "./DetailFields";
import type { SecretDraft } from "./draft";
import { KeyNameField } from "./KeyNameField";
import { ProviderLink } from "./ProviderLink";
import { SaveFailure, useFailureFocus } from "./SaveFailure";
import { transferHandlers } from "./transfer";
import { useEnteredText } from "./useEnteredText";
import { useSave } from "./useSave";
import { useSecretFields } from "./useSecretFields";
import { ValueField } from "./ValueField";

interface SecretDialogProps {
  /** Where it is not the usual one. */
  title?: string;
  /** The secret to edit; null adds one. */
  secret: SecretMetadata | null;
  /** What to begin with, where it is not the secret as it is. */
  draft: SecretDraft | undefined;
  /** What to know of what it begins with. */
  notice: string | undefined;
  /** Why a save that was already on the screen had to be taken back. */
  failure: ApiError | undefined;
  /** Opens with the field for a new value. */
  replaceValue: boolean;
  /** The owner's secrets, so that adding one of them again is said before it replaces anything. */
  secrets: readonly SecretMetadata[];
  /** Whether others use them. */
  ofTeam: boolean;
  /** Asks for the metadata of one of them as it is now; rejects with an ApiError. */
  onRead: (key: string) => Promise<SecretMetadata>;
  /** Tells that there is a secret which the list does not have yet. */
  onDiscovered: (secret: SecretMetadata) => void;
  /** Resolves once it is saved or on its way; rejects with an ApiError. */
  onSave: (request: SaveRequest) => Promise<void>;
  /** What was pasted is a .env file; where it is left out, such a text is a value like any other. */
  onEnvFile: ((text: string, draft: SecretDraft) => void) | undefined;
  onKeepTheirs: (theirs: SecretMetadata | null) => void;
  onSignIn: (draft: SecretDraft) => void;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** Adds a secret, or edits one: its category and description, and, only if asked for, its value. */
export function SecretDialog(props: SecretDialogProps) {
  const { secret, draft } = props;
  const id = useId();
  const [container, setContainer] = useState<HTMLElement | null>(null);
  const isListOpen = useRef(false);
  const fields = useSecretFields(props);
  const { key, withValue, existing } = fields;
  const { failure, setFailure, saving, isConflict, save } = useSave(props);
  const known = findCatalogEntry(key);
  // A name that is there already waits for its value.
  const startsWithName = Boolean(draft?.key);
  const replaces = !secret && existing !== null;
  // What was typed before the dialog opened again, and is nowhere else.
  const isDrafted = draft !== undefined && draft.description !== (secret?.description ?? "");

  function changeName(typed: string) {
    fields.changeName(typed);
    setFailure(null);
  }

  const refuseFile = (message: string) => setFailure({ field: "value", message });
  const {
    value,
    name: nameField,
    notes,
    doubt,
    ...text
  } = useEnteredText({
    key,
    onName: changeName,
    onValue: () => setFailure(null),
    onEnvFile: props.onEnvFile && ((file) => props.onEnvFile?.(file, fields.entered())),
    onProblem: refuseFile,
  });

  useEffect(() => {
    if (withValue && (secret !== null || startsWithName)) value.current?.focus();
  }, [withValue, secret, startsWithName, value]);

  useFailureFocus(failure, id, value);

  /** @param state the `updated_at` that the save applies to; null where there is to be nothing yet */
  function send(state: string | null, anyway = false) {
    const given = withValue ? (value.current?.value ?? "") : undefined;
    void save(fields, { value: given, state, anyway });
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    send(existing?.updated_at ?? null);
  }

  function signIn() {
    if (!secret) return props.onSignIn(fields.entered());
    const { updated_at, last_rotated_at } = secret;
    props.onSignIn({ ...fields.entered(), edit: { updated_at, last_rotated_at, withValue } });
  }

  const errorId = failure ? `${id}-error` : undefined;
  // Beside the field that it is about, so that it is seen where the dialog is longer than the window.
  const alert = failure && !isConflict && (
    <SaveFailure
      id={`${id}-error`}
      failure={failure}
      onRightKey={(rightKey) => {
        fields.takeRightKey(rightKey);
        setFailure(null);
        value.current?.focus();
      }}
      onSaveAnyway={() => send(existing?.updated_at ?? null, true)}
      isEdit={secret !== null}
      withValue={withValue}
      onSignIn={signIn}
    />
  );
  return (
    <Dialog open isUnsaved={isDrafted} onOpenChange={(open) => !open && !saving && props.onClose()}>
      <DialogContent
        ref={setContainer}
        onCloseAutoFocus={props.onCloseAutoFocus}
        onEscapeKeyDown={(event) => isListOpen.current && event.preventDefault()}
      >
        <DialogHeader>
          <DialogTitle className="[overflow-wrap:anywhere]">
            {props.title ?? (secret ? `Edit ${secret.key}` : "Add a secret")}
          </DialogTitle>
          <DialogDescription>
            {secret
              ? "The value stays as it is unless you replace it."
              : "The value is encrypted before it is stored. Several at once: paste a .env file."}
          </DialogDescription>
        </DialogHeader>
        <form
          onSubmit={submit}
          {...transferHandlers(text.take)}
          // What is being corrected is not wrong any more.
          onInput={() => failure?.field && setFailure(null)}
          noValidate
          autoComplete="off"
          className="flex flex-col gap-4"
        >
          {props.notice && !failure && (
            <Alert>
              <AlertDescription>{props.notice}</AlertDescription>
            </Alert>
          )}
          {failure?.field === undefined && alert}
          {isConflict && secret && (
            <ConflictNotice
              seen={secret}
              canCreate={withValue}
              onRead={props.onRead}
              onKeepTheirs={props.onKeepTheirs}
              onSaveMine={(theirs) => send(theirs?.updated_at ?? null, true)}
            />
          )}
          {!secret && (
            <>
              <KeyNameField
                ref={nameField}
                id={`${id}-key`}
                value={fields.name}
                onChange={changeName}
                onOpenChange={(open) => {
                  isListOpen.current = open;
                }}
                container={container}
                invalid={failure?.field === "key"}
                describedBy={[`${id}-key-hint`, failure?.field === "key" && errorId]
                  .filter(Boolean)
                  .join(" ")}
              />
              <p id={`${id}-key-hint`} className="-mt-2 text-sm text-muted-foreground">
                {replaces
                  ? `${key} is already in the vault. Saving replaces its value.`
                  : (known?.label ?? "Start typing for suggestions, or choose your own name.")}
              </p>
              {failure?.field === "key" && alert}
            </>
          )}
          {withValue ? (
            <ValueField
              ref={value}
              id={`${id}-value`}
              label={secret ? "New value" : "Value"}
              notes={notes}
              doubt={failure?.canSave ? null : doubt}
              onInput={text.edited}
              onTrim={text.withoutMargins}
              onText={(file) => text.enter(file, "value")}
              onProblem={refuseFile}
              invalid={failure?.field === "value" && !failure.canSave}
              describedBy={failure?.field === "value" ? errorId : undefined}
            />
          ) : (
            <Button variant="outline" className="w-fit" onClick={fields.replaceValue}>
              Replace the value
            </Button>
          )}
          {failure?.field === "value" && alert}
          {withValue && known && <ProviderLink href={known.url} />}
          <DetailFields
            id={id}
            fields={fields}
            isUseOnlyFixed={secret?.details?.use_only === true && !withValue}
            ofTeam={props.ofTeam}
            failure={failure}
            alert={alert}
          />
          <DialogFooter>
            <DialogClose disabled={saving}>Cancel</DialogClose>
            <Button type="submit" className="min-w-32" disabled={saving || isConflict}>
              {saving ? "Saving…" : secret ? "Save changes" : replaces ? "Replace the value" : "Add secret"}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}

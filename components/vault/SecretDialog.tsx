"use client";

import { ExternalLink } from "lucide-react";
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
import { Input } from "@/components/vault/ui/input";
import { Label } from "@/components/vault/ui/label";
import { NativeSelect } from "@/components/vault/ui/native-select";
import { findCatalogEntry } from "@/lib/vault/catalog";
import { judgeValue } from "@/lib/vault/doubts";
import { toKeyName } from "@/lib/vault/entered";
import { ApiError } from "@/lib/vault/http/client";
import type { SaveRequest } from "@/lib/vault/requests";
import { explainKeyName, MAX_DESCRIPTION_LENGTH } from "@/lib/vault/rules";
import { CATEGORIES, type Category, type SecretMetadata } from "@/lib/vault/types";
import { ConflictNotice } from "./ConflictNotice";
import { ExpiryField, UseOnlyField } from "./DetailFields";
import type { SecretDraft } from "./draft";
import { dayOf, endOf, isPast } from "./expiry";
import { KeyNameField } from "./KeyNameField";
import { asFailure, type Failure, SaveFailure } from "./SaveFailure";
import { transferHandlers } from "./transfer";
import { useEnteredText } from "./useEnteredText";
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
  const { secret, draft, secrets } = props;
  const id = useId();
  const [container, setContainer] = useState<HTMLElement | null>(null);
  const isListOpen = useRef(false);
  // What a person chose is not overwritten by what the name suggests.
  const touched = useRef({
    category: Boolean(draft),
    description: Boolean(draft?.description),
    useOnly: draft?.useOnly !== undefined,
  });
  const [name, setName] = useState(secret?.key ?? draft?.key ?? "");
  const key = toKeyName(name);
  const [category, setCategory] = useState<Category>(draft?.category ?? secret?.category ?? "General");
  const [description, setDescription] = useState(draft?.description ?? secret?.description ?? "");
  const [withValue, setWithValue] = useState(secret === null || props.replaceValue);
  const presentDay = dayOf(secret?.details?.expires_at ?? null);
  // A date is about one value.
  const [expiresOn, setExpiresOn] = useState(draft?.expiresOn ?? (withValue ? "" : presentDay));
  const wasUseOnly = secret?.details?.use_only ?? false;
  const [useOnly, setUseOnly] = useState(draft?.useOnly ?? wasUseOnly);
  const [failure, setFailure] = useState<Failure | null>(props.failure ? asFailure(props.failure) : null);
  const [saving, setSaving] = useState(false);
  const known = findCatalogEntry(key);
  // A name that is there already waits for its value.
  const startsWithName = Boolean(draft?.key);
  const existing = secret ?? secrets.find((other) => other.key === key) ?? null;
  const replaces = !secret && existing !== null;
  // What was typed before the dialog opened again, and is nowhere else.
  const isDrafted = draft !== undefined && draft.description !== (secret?.description ?? "");
  const conflict =
    secret !== null && (failure?.code === "secret_changed" || failure?.code === "secret_not_found");

  function changeName(typed: string) {
    setName(typed);
    setFailure(null);
    const next = toKeyName(typed);
    const present = secrets.find((other) => other.key === next);
    // What is known of a secret outlives its value.
    if (!touched.current.category) setCategory((present ?? findCatalogEntry(next))?.category ?? "General");
    if (!touched.current.description) setDescription(present?.description ?? "");
    if (!touched.current.useOnly) setUseOnly(present?.details?.use_only ?? false);
  }

  const entered = (): SecretDraft => ({ key, category, description, useOnly, expiresOn });
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
    onEnvFile: props.onEnvFile && ((file) => props.onEnvFile?.(file, entered())),
    onProblem: refuseFile,
  });

  useEffect(() => {
    if (withValue && (secret !== null || startsWithName)) value.current?.focus();
  }, [withValue, secret, startsWithName, value]);

  useEffect(() => {
    if (!failure) return;
    const target =
      failure.field === "value"
        ? value.current
        : document.getElementById(`${id}-${failure.field ?? "error"}`);
    target?.focus();
    document.getElementById(`${id}-error`)?.scrollIntoView({ block: "nearest" });
  }, [failure, id, value]);

  /**
   * @param state the `updated_at` that the save applies to; null where there is to be nothing yet
   * @param anyway whether a doubt about the value is set aside
   */
  async function save(state: string | null, anyway = false) {
    const problem = explainKeyName(key);
    if (problem) return setFailure({ field: "key", message: problem });
    const { length } = description.trim();
    if (length > MAX_DESCRIPTION_LENGTH) {
      const message = `The description has ${length} characters. It can have ${MAX_DESCRIPTION_LENGTH}.`;
      return setFailure({ field: "description", message });
    }
    const changesDay = withValue ? expiresOn !== "" : expiresOn !== presentDay;
    const expires_at = changesDay ? endOf(expiresOn) : undefined;
    if (expires_at && isPast(expires_at)) {
      return setFailure({ field: "expires", message: "That day has passed. Choose a later one, or none." });
    }
    const given = withValue ? (value.current?.value ?? "") : undefined;
    const judgement = given === undefined ? null : judgeValue(key, given);
    // A secret that is there keeps its name.
    const rightKey = secret ? undefined : judgement?.rightKey;
    if (judgement && "problem" in judgement) {
      return setFailure({ field: "value", message: judgement.problem, rightKey });
    }
    if (judgement && (judgement.isBroken || judgement.rightKey) && !anyway) {
      return setFailure({ field: "value", message: judgement.warning, rightKey, canSave: true });
    }
    setSaving(true);
    setFailure(null);
    try {
      await props.onSave({
        key,
        value: given,
        category,
        description: description.trim(),
        use_only: withValue || useOnly !== wasUseOnly ? useOnly : undefined,
        expires_at,
        if_updated_at: state,
      });
    } catch (error) {
      setFailure(await explain(error));
      setSaving(false);
    }
  }

  /** A new secret that exists after all becomes one that is replaced, which the person decides. */
  async function explain(error: unknown): Promise<Failure> {
    if (secret || !(error instanceof ApiError && error.code === "secret_changed")) return asFailure(error);
    try {
      props.onDiscovered(await props.onRead(key));
      return { message: `${key} was added or changed elsewhere. Save again to replace its value.` };
    } catch (failure) {
      return asFailure(failure);
    }
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    void save(existing?.updated_at ?? null);
  }

  function signIn() {
    if (!secret) return props.onSignIn(entered());
    const { updated_at, last_rotated_at } = secret;
    props.onSignIn({ ...entered(), edit: { updated_at, last_rotated_at, withValue } });
  }

  const errorId = failure ? `${id}-error` : undefined;
  // Beside the field that it is about, so that it is seen where the dialog is longer than the window.
  const alert = failure && !conflict && (
    <SaveFailure
      id={`${id}-error`}
      failure={failure}
      onRightKey={(rightKey) => {
        touched.current.category = false;
        changeName(rightKey);
        value.current?.focus();
      }}
      onSaveAnyway={() => void save(existing?.updated_at ?? null, true)}
      kept={keptWords(secret !== null, withValue)}
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
          {conflict && secret && (
            <ConflictNotice
              seen={secret}
              canCreate={withValue}
              onRead={props.onRead}
              onKeepTheirs={props.onKeepTheirs}
              onSaveMine={(theirs) => save(theirs?.updated_at ?? null, true)}
            />
          )}
          {!secret && (
            <>
              <KeyNameField
                ref={nameField}
                id={`${id}-key`}
                value={name}
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
            <Button
              variant="outline"
              className="w-fit"
              onClick={() => {
                setWithValue(true);
                setExpiresOn("");
              }}
            >
              Replace the value
            </Button>
          )}
          {failure?.field === "value" && alert}
          {withValue && known && (
            <a
              className="-mt-2 inline-flex w-fit items-center gap-1 text-sm underline underline-offset-4"
              href={known.url}
              target="_blank"
              rel="noreferrer"
            >
              Get one from the provider
              <ExternalLink aria-hidden className="size-3.5" />
              <span className="sr-only">(opens in a new tab)</span>
            </a>
          )}
          <UseOnlyField
            isOn={useOnly}
            onChange={(isOn) => {
              touched.current.useOnly = true;
              setUseOnly(isOn);
            }}
            isFixed={wasUseOnly && !withValue}
            ofTeam={props.ofTeam}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <div className="flex min-w-0 flex-col gap-2">
              <Label htmlFor={`${id}-category`}>Category</Label>
              <NativeSelect
                id={`${id}-category`}
                value={category}
                onChange={(event) => {
                  touched.current.category = true;
                  setCategory(event.target.value as Category);
                }}
              >
                {CATEGORIES.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </NativeSelect>
            </div>
            <ExpiryField
              id={`${id}-expires`}
              day={expiresOn}
              onChange={setExpiresOn}
              errorId={failure?.field === "expires" ? errorId : undefined}
            />
          </div>
          {failure?.field === "expires" && alert}
          <div className="flex flex-col gap-2">
            <Label htmlFor={`${id}-description`}>
              Description <span className="font-normal text-muted-foreground">(optional)</span>
            </Label>
            <Input
              id={`${id}-description`}
              value={description}
              onChange={(event) => {
                touched.current.description = true;
                setDescription(event.target.value);
              }}
              autoComplete="off"
              aria-invalid={failure?.field === "description"}
              aria-describedby={failure?.field === "description" ? errorId : undefined}
            />
            {failure?.field === "description" && alert}
          </div>
          <DialogFooter>
            <DialogClose disabled={saving}>Cancel</DialogClose>
            <Button type="submit" className="min-w-32" disabled={saving || conflict}>
              {saving ? "Saving…" : secret ? "Save changes" : replaces ? "Replace the value" : "Add secret"}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}

function keptWords(isEdit: boolean, withValue: boolean): string {
  const kept = isEdit
    ? "Your changes are kept while you sign in."
    : "What you entered is kept while you sign in.";
  return withValue ? `${kept} The value isn't.` : kept;
}

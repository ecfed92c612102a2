"use client";

import { useState } from "react";
import { later } from "@/components/vault/ui/later";
import { type ImportRequest, type SaveRequest, type VaultApi, vaultApi } from "@/lib/vault/requests";
import type { SecretMetadata } from "@/lib/vault/types";
import type { SecretDraft } from "./draft";
import { PartMissing } from "./PartMissing";
import type { SecretChanges } from "./useSecretChanges";
import type { OpenDialog } from "./useVaultDialogs";

const SecretDialog = later(() => import("./SecretDialog").then((module) => module.SecretDialog), PartMissing);
const DeleteSecretDialog = later(
  () => import("./DeleteSecretDialog").then((module) => module.DeleteSecretDialog),
  PartMissing,
);
const DeleteSecretsDialog = later(
  () => import("./DeleteSecretsDialog").then((module) => module.DeleteSecretsDialog),
  PartMissing,
);
const ImportDialog = later(() => import("./ImportDialog").then((module) => module.ImportDialog), PartMissing);
const DIALOGS = [SecretDialog, DeleteSecretDialog, DeleteSecretsDialog, ImportDialog];

/** Loads the dialogs, so that they open right away, and without a network too. Never rejects. */
export const preloadDialogs = () => Promise.all(DIALOGS.map(({ preload }) => preload())).catch(() => {});

interface VaultDialogsProps {
  dialog: (OpenDialog & { id: number }) | null;
  setDialog: (dialog: OpenDialog | null) => void;
  api: VaultApi;
  secrets: readonly SecretMetadata[];
  changes: SecretChanges;
  ofTeam: boolean;
  /** What will be different without a key, in one sentence; undefined where no feature asks for it. */
  consequenceOf: (key: string) => string | undefined;
  onSave: (request: SaveRequest, editing: SecretMetadata | null) => Promise<void>;
  onDelete: (secret: SecretMetadata) => void;
  onDeleteMany: (secrets: readonly SecretMetadata[]) => void;
  onImport: (rows: ImportRequest[], useOnly: boolean) => Promise<void>;
  /** Is told of a key that the person has added to their own vault from a team's. */
  onOwnKey: (key: string) => void;
  /** Signs in again, to add a key to the person's own vault. */
  onSignInToOwn: (draft: SecretDraft) => void;
  onSignIn: (draft?: SecretDraft) => void;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** The dialog that is open, if one is. */
export function VaultDialogs(props: VaultDialogsProps) {
  const { dialog, setDialog, secrets, changes, onSignIn, onClose, onCloseAutoFocus } = props;
  const common = { onClose, onCloseAutoFocus };
  if (!dialog) return null;
  if (dialog.kind === "add" || dialog.kind === "edit") {
    const editing = dialog.kind === "edit" ? dialog.secret : null;
    return (
      <SecretDialog
        key={dialog.id}
        {...common}
        secret={editing}
        draft={dialog.draft}
        notice={dialog.notice}
        failure={dialog.kind === "edit" ? dialog.failure : undefined}
        replaceValue={dialog.kind === "edit" && dialog.replaceValue}
        secrets={secrets}
        ofTeam={props.ofTeam}
        onRead={props.api.read}
        onDiscovered={(secret) => changes.put({ [secret.key]: secret })}
        onSave={(request) => props.onSave(request, editing)}
        onEnvFile={editing ? undefined : (text, back) => setDialog({ kind: "import", text, back })}
        onKeepTheirs={(theirs) => {
          if (editing) changes.put({ [editing.key]: theirs });
          onClose();
        }}
        onSignIn={onSignIn}
      />
    );
  }
  if (dialog.kind === "own") {
    return (
      <OwnKeyDialog
        key={dialog.id}
        {...common}
        secret={dialog.secret}
        onAdded={props.onOwnKey}
        onSignIn={props.onSignInToOwn}
      />
    );
  }
  if (dialog.kind === "delete") {
    return (
      <DeleteSecretDialog
        key={dialog.id}
        {...common}
        secret={dialog.secret}
        seen={dialog.seen}
        consequence={props.consequenceOf(dialog.secret.key) ?? "What uses it will stop working."}
        onDelete={() => props.onDelete(dialog.secret)}
      />
    );
  }
  if (dialog.kind === "delete-many") {
    return (
      <DeleteSecretsDialog
        key={dialog.id}
        {...common}
        secrets={dialog.secrets}
        consequenceOf={props.consequenceOf}
        onDelete={() => props.onDeleteMany(dialog.secrets)}
      />
    );
  }
  return (
    <ImportDialog
      key={dialog.id}
      {...common}
      onClose={() => setDialog(dialog.back ? { kind: "add", draft: dialog.back } : null)}
      text={dialog.text}
      secrets={secrets}
      ofTeam={props.ofTeam}
      onImport={props.onImport}
      onReload={changes.reload}
      onSignIn={() => onSignIn(dialog.back)}
    />
  );
}

interface OwnKeyDialogProps {
  /** The team's. */
  secret: SecretMetadata;
  onAdded: (key: string) => void;
  onSignIn: (draft: SecretDraft) => void;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** Adds a key that a team has to the person's own vault as well. */
function OwnKeyDialog({ secret, onAdded, onSignIn, ...common }: OwnKeyDialogProps) {
  const [api] = useState(() => vaultApi(null));
  const [found, setFound] = useState<readonly SecretMetadata[]>([]);
  const { key, category } = secret;
  return (
    <SecretDialog
      {...common}
      title="Add your own key"
      secret={null}
      draft={{ key, category, description: "" }}
      notice={undefined}
      failure={undefined}
      replaceValue={false}
      secrets={found}
      ofTeam={false}
      onRead={api.read}
      onDiscovered={(own) => setFound([own])}
      onSave={async (request) => {
        await api.save(request);
        onAdded(request.key);
        common.onClose();
      }}
      onEnvFile={undefined}
      onKeepTheirs={common.onClose}
      onSignIn={onSignIn}
    />
  );
}

"use client";

import dynamic from "next/dynamic";
import type { ImportRequest, SaveRequest, VaultApi } from "@/lib/vault/requests";
import type { SecretMetadata } from "@/lib/vault/types";
import type { SecretDraft } from "./draft";
import type { SecretChanges } from "./useSecretChanges";
import type { OpenDialog } from "./useVaultDialogs";

// Loaded once the page is there: nobody opens a dialog before that.
const loadSecretDialog = () => import("./SecretDialog").then((module) => module.SecretDialog);
const loadDeleteDialog = () => import("./DeleteSecretDialog").then((module) => module.DeleteSecretDialog);
const loadDeleteManyDialog = () =>
  import("./DeleteSecretsDialog").then((module) => module.DeleteSecretsDialog);
const loadImportDialog = () => import("./ImportDialog").then((module) => module.ImportDialog);
const SecretDialog = dynamic(loadSecretDialog, { ssr: false });
const DeleteSecretDialog = dynamic(loadDeleteDialog, { ssr: false });
const DeleteSecretsDialog = dynamic(loadDeleteManyDialog, { ssr: false });
const ImportDialog = dynamic(loadImportDialog, { ssr: false });
const LOADERS = [loadSecretDialog, loadDeleteDialog, loadImportDialog, loadDeleteManyDialog];

/** Loads the dialogs, so that they open right away, and without a network too. Never rejects. */
export const preloadDialogs = () => Promise.all(LOADERS.map((load) => load())).catch(() => {});

interface VaultDialogsProps {
  dialog: (OpenDialog & { id: number }) | null;
  setDialog: (dialog: OpenDialog | null) => void;
  api: VaultApi;
  secrets: readonly SecretMetadata[];
  changes: SecretChanges;
  ofTeam: boolean;
  /** What will be different without a key, in one sentence; undefined where no feature asks for it. */
  consequenceOf: (key: string) => string | undefined;
  /** What is said of deleting any other key. */
  otherwise: string;
  onSave: (request: SaveRequest, editing: SecretMetadata | null) => Promise<void>;
  onDelete: (secret: SecretMetadata) => void;
  onDeleteMany: (secrets: readonly SecretMetadata[]) => void;
  onImport: (rows: ImportRequest[]) => Promise<void>;
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
  if (dialog.kind === "delete") {
    return (
      <DeleteSecretDialog
        key={dialog.id}
        {...common}
        secret={dialog.secret}
        seen={dialog.seen}
        consequence={props.consequenceOf(dialog.secret.key) ?? props.otherwise}
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

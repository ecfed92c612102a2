"use client";

import { FileUp, Plus } from "lucide-react";
import { type DragEvent, useCallback, useEffect, useRef, useState } from "react";
import { neighbourOf } from "@/components/vault/neighbour";
import { toast } from "@/components/vault/toast";
import { Button } from "@/components/vault/ui/button";
import {
  Card,
  CardAction,
  CardContent,
  CardDescription,
  CardHeader,
  CardTitle,
} from "@/components/vault/ui/card";
import { later } from "@/components/vault/ui/later";
import { findCatalogEntry } from "@/lib/vault/catalog";
import { type ApiError, takeReloadReason } from "@/lib/vault/http/client";
import { type SaveRequest, vaultApi } from "@/lib/vault/requests";
import { CATEGORIES, type KeyUse, type SecretMetadata, type TeamRole } from "@/lib/vault/types";
import { ChangeSince } from "./vault/ChangeSince";
import { keepDraft, type SecretDraft, takeDraft } from "./vault/draft";
import { EmptyVault } from "./vault/EmptyVault";
import { SecretList } from "./vault/SecretList";
import { type RowAction, SecretRow } from "./vault/SecretRow";
import { ShownUser } from "./vault/ShownUser";
import {
  describeStanding,
  explainDeletion,
  type Feature,
  type Features,
  usableLayers,
} from "./vault/standing";
import { allowFiles, hasFiles, readFiles } from "./vault/transfer";
import { useSecretChanges } from "./vault/useSecretChanges";
import { useVaultActions } from "./vault/useVaultActions";

// Loaded once the page stands: nobody opens a dialog before that.
const SecretDialog = later(() => import("./vault/SecretDialog").then((module) => module.SecretDialog));
const DeleteSecretDialog = later(() =>
  import("./vault/DeleteSecretDialog").then((module) => module.DeleteSecretDialog),
);
const ImportDialog = later(() => import("./vault/ImportDialog").then((module) => module.ImportDialog));
const DIALOGS = [SecretDialog, DeleteSecretDialog, ImportDialog];
const PRELOAD_AFTER_MS = 500;
const READ_AND_DECIDE_MS = 30_000;

interface VaultTeam {
  /** UUID. */
  id: string;
  role: TeamRole;
  /** Whose keys its members use, in a sentence. */
  rule?: string;
}

interface VaultManagerProps {
  /** The person who is signed in, by their UUID. */
  userId: string;
  /** Whose vault it is; null for the person's own. */
  team?: VaultTeam | null;
  /** As `listSecrets` returns them. */
  initialSecrets: readonly SecretMetadata[];
  /** Is told of every change; the same function in every render. */
  onSecretsChange?: (secrets: readonly SecretMetadata[]) => void;
  /** What uses keys, so that the panel can say which key that is. */
  features?: Features;
  /** The address of a page about what was done with keys; it is given one as `key`. */
  activityPage?: string;
  /** Why a secret should be replaced; undefined for no reason. */
  rotateReason?: (secret: SecretMetadata) => string | undefined;
}

type OpenDialog =
  | { kind: "add"; draft?: SecretDraft; notice?: string }
  | {
      kind: "edit";
      secret: SecretMetadata;
      replaceValue: boolean;
      draft?: SecretDraft;
      notice?: string;
      failure?: ApiError;
    }
  | { kind: "delete"; secret: SecretMetadata; seen?: SecretMetadata }
  | { kind: "import"; text?: string; back?: SecretDraft };

/** The panel in which a person, or a team, keeps API keys. */
export function VaultManager(props: VaultManagerProps) {
  const { userId, team = null, onSecretsChange, features, activityPage } = props;
  const [secrets, setSecrets] = useState(props.initialSecrets);
  const firstSecrets = useRef(props.initialSecrets);
  useEffect(() => onSecretsChange?.(secrets), [onSecretsChange, secrets]);
  useEffect(() => {
    const reason = takeReloadReason();
    if (reason) toast.info(reason);
  }, []);
  const owner = team ? "team" : "user";
  const canManage = team?.role !== "member";
  const place = team ? `${userId} ${team.id}` : userId;
  const [api] = useState(() => vaultApi(team?.id ?? null));
  const [dialog, setDialogState] = useState<(OpenDialog & { id: number }) | null>(null);
  const latestDialog = useRef(dialog);
  latestDialog.current = dialog;
  const [query, setQuery] = useState("");
  const [announcement, setAnnouncement] = useState("");
  const [openCategories, setOpenCategories] = useState<string[]>([...CATEGORIES]);
  const onGone = useCallback(
    (key: string) => setSecrets((current) => current.filter((secret) => secret.key !== key)),
    [],
  );
  const actions = useVaultActions({ api, announce: setAnnouncement, onGone });
  const changes = useSecretChanges({
    api,
    secrets,
    onSecretsChange: setSecrets,
    onValuesChanged: actions.forget,
  });
  const { show, hide, copy, check } = actions;
  const addButton = useRef<HTMLButtonElement>(null);
  const opener = useRef<Element | null>(null);
  const lastId = useRef(0);
  // Each dialog has an id of its own, so that none takes over what was entered in another.
  const setDialog = useCallback((next: OpenDialog | null) => {
    lastId.current += 1;
    setDialogState(next && { ...next, id: lastId.current });
  }, []);
  const isInVault = (key: string) => secrets.some((secret) => secret.key === key);
  const wanted = Object.entries(features ?? {}).map(([key, feature]) => ({
    key,
    feature: feature.name,
    usable: usableLayers(feature, owner, isInVault(key)),
  }));
  const platformOnly = wanted.filter(({ key, usable }) => usable.includes("env") && !isInVault(key));

  useEffect(() => {
    if (!canManage) return;
    const draft = takeDraft(place);
    if (draft) setDialog(resume(draft, firstSecrets.current));
    // So that the dialogs open at once, and without a network too.
    const preload = setTimeout(
      () => Promise.all(DIALOGS.map(({ preload }) => preload())).catch(() => {}),
      PRELOAD_AFTER_MS,
    );
    return () => clearTimeout(preload);
  }, [place, canManage, setDialog]);

  const open = useCallback(
    (next: OpenDialog) => {
      hide();
      opener.current = document.activeElement;
      setDialog(next);
    },
    [hide, setDialog],
  );

  const act = useCallback(
    (action: RowAction, secret: SecretMetadata) => {
      if (action === "show") void show(secret);
      else if (action === "hide") hide();
      else if (action === "copy") void copy(secret);
      else if (action === "check") void check(secret);
      else if (action === "delete") open({ kind: "delete", secret });
      else open({ kind: "edit", secret, replaceValue: action === "enter-again" });
    },
    [show, hide, copy, check, open],
  );

  const close = () => setDialog(null);
  const common = {
    onClose: close,
    onCloseAutoFocus(event: Event) {
      event.preventDefault();
      const target = opener.current?.isConnected ? (opener.current as HTMLElement) : addButton.current;
      target?.focus();
    },
  };

  async function save(request: SaveRequest, editing: SecretMetadata | null): Promise<void> {
    if (!editing || request.value !== undefined) {
      await changes.saveWithValue(request);
      close();
      uncover([request.category]);
      return;
    }
    close();
    uncover([request.category]);
    const { category, description } = request;
    void changes.saveMetadata(editing, request, (failure, current) => {
      const draft = { key: editing.key, category, description };
      const reopen = () => setDialog({ kind: "edit", secret: current, replaceValue: false, draft, failure });
      if (!latestDialog.current) return reopen();
      toast.error(`${editing.key} is not changed. ${failure.message}`, {
        action: { label: "Edit again", onClick: reopen },
      });
    });
  }

  /** What was just stored is not to be hidden by a search or a closed category. */
  function uncover(categories: readonly string[]) {
    setQuery("");
    setOpenCategories((current) => [...new Set([...current, ...categories])]);
  }

  function remove(secret: SecretMetadata) {
    const current = latestDialog.current;
    if (current?.kind === "delete" && current.secret.key === secret.key) {
      // Focus goes to the neighbour, so that one keeps one's place in a long list.
      opener.current = neighbourOf(
        "#vault [data-action='delete']",
        (button) => button.dataset.key === secret.key,
      );
      close();
    }
    void changes.remove(secret, (present, seen) => {
      if (!latestDialog.current) return open({ kind: "delete", secret: present, seen });
      toast.error(`${secret.key} is not deleted.`, {
        description: <ChangeSince seen={seen} present={present} />,
        action: { label: "Delete it anyway", onClick: () => remove(present) },
        duration: READ_AND_DECIDE_MS,
      });
    });
  }

  function addKey(key: string) {
    const category = findCatalogEntry(key)?.category ?? "General";
    open({ kind: "add", draft: { key, category, description: "" } });
  }

  function dropFile(event: DragEvent) {
    if (!canManage || !hasFiles(event.dataTransfer)) return;
    // Else the browser would leave the page, and show the file.
    event.preventDefault();
    // A drop in a dialog comes by here as well, since the dialog is the panel's child.
    if (dialog || !event.currentTarget.contains(event.target as Node)) return;
    void readFiles(event.dataTransfer)?.then((read) => {
      if ("text" in read) open({ kind: "import", text: read.text });
      else toast.error(read.problem);
    });
  }

  function signIn(draft?: SecretDraft) {
    if (draft) keepDraft(place, draft);
    // The page itself leads to where one signs in, and nothing of the ended session stays in memory.
    window.location.reload();
  }

  const wantedAs = (name: string) => wanted.find(({ key }) => key === name);

  function standingOf(key: string) {
    const use = wantedAs(key);
    return use ? describeStanding(use.feature, owner, use.usable) : null;
  }

  function consequenceOf(key: string): string {
    const use = wantedAs(key);
    if (use) return explainDeletion(use.feature, owner, use.usable);
    return features ? "No feature uses it." : "What uses it will stop working.";
  }

  return (
    <Card
      id="vault"
      aria-labelledby="vault-title"
      className="scroll-mt-4"
      onDragOver={(event) => canManage && allowFiles(event)}
      onDrop={dropFile}
    >
      <ShownUser userId={userId} />
      <CardHeader>
        <CardTitle id="vault-title">Vault</CardTitle>
        <CardDescription>{describeVault(team)}</CardDescription>
        {canManage && (
          <CardAction className="flex gap-2">
            <Button
              variant="outline"
              size="sm"
              onClick={() => open({ kind: "import" })}
              title="Import a .env file"
            >
              <FileUp aria-hidden />
              <span className="sr-only sm:not-sr-only">Import</span>
              <span className="sr-only"> a .env file</span>
            </Button>
            <Button ref={addButton} size="sm" onClick={() => open({ kind: "add" })}>
              <Plus aria-hidden />
              Add<span className="sr-only"> a secret</span>
            </Button>
          </CardAction>
        )}
      </CardHeader>
      <CardContent className="flex flex-col gap-2">
        {secrets.length === 0 ? (
          <EmptyVault
            wanted={wanted[0]}
            ofTeam={team !== null}
            canManage={canManage}
            platformPays={platformOnly.length > 0}
            onAdd={addKey}
          />
        ) : (
          <SecretList
            secrets={secrets}
            platformOnly={platformOnly}
            query={query}
            onQueryChange={setQuery}
            open={openCategories}
            onOpenChange={setOpenCategories}
            ofTeam={team !== null}
            onAdd={canManage ? addKey : undefined}
            renderRow={(secret) => (
              <SecretRow
                key={secret.key}
                secret={secret}
                standing={standingOf(secret.key)}
                value={actions.revealed?.key === secret.key ? actions.revealed.value : undefined}
                busy={actions.busyWith(secret.key)}
                check={actions.checks.get(secret.key)}
                unreadable={actions.unreadable.has(secret.key)}
                use={lastUseOf(secret, features?.[secret.key])}
                rotateReason={props.rotateReason?.(secret)}
                canManage={canManage}
                activityHref={canManage && activityPage ? hrefWithKey(activityPage, secret.key) : undefined}
                onAction={act}
              />
            )}
          />
        )}
      </CardContent>
      <p className="sr-only" role="status">
        {announcement}
      </p>
      {(dialog?.kind === "add" || dialog?.kind === "edit") && (
        <SecretDialog
          key={dialog.id}
          {...common}
          secret={dialog.kind === "edit" ? dialog.secret : null}
          draft={dialog.draft}
          notice={dialog.notice}
          failure={dialog.kind === "edit" ? dialog.failure : undefined}
          replaceValue={dialog.kind === "edit" && dialog.replaceValue}
          secrets={secrets}
          onRead={api.read}
          onDiscovered={(secret) => changes.put({ [secret.key]: secret })}
          onSave={(request) => save(request, dialog.kind === "edit" ? dialog.secret : null)}
          onEnvFile={
            dialog.kind === "add" ? (text, back) => setDialog({ kind: "import", text, back }) : undefined
          }
          onKeepTheirs={(theirs) => {
            if (dialog.kind === "edit") changes.put({ [dialog.secret.key]: theirs });
            close();
          }}
          onSignIn={signIn}
        />
      )}
      {dialog?.kind === "delete" && (
        <DeleteSecretDialog
          {...common}
          key={dialog.id}
          secret={dialog.secret}
          seen={dialog.seen}
          consequence={consequenceOf(dialog.secret.key)}
          onDelete={() => remove(dialog.secret)}
        />
      )}
      {dialog?.kind === "import" && (
        <ImportDialog
          key={dialog.id}
          {...common}
          onClose={() => setDialog(dialog.back ? { kind: "add", draft: dialog.back } : null)}
          text={dialog.text}
          secrets={secrets}
          ofTeam={team !== null}
          onImport={async (rows) => {
            await changes.importAll(rows);
            close();
            uncover(rows.map(({ category }) => category));
          }}
          onReload={changes.reload}
          onSignIn={() => signIn(dialog.back)}
        />
      )}
    </Card>
  );
}

/** The dialog that a draft was made in, about the state that the person saw then. */
function resume(draft: SecretDraft, secrets: readonly SecretMetadata[]): OpenDialog {
  const { key, edit } = draft;
  if (!edit) return { kind: "add", draft, notice: VALUE_NOT_KEPT };
  const present = secrets.find((secret) => secret.key === key);
  if (!present) {
    const notice = `${key} was deleted while you were signed out. To add it again, enter its value.`;
    return { kind: "add", draft, notice };
  }
  const { withValue, ...seen } = edit;
  return {
    ...{ kind: "edit", secret: { ...present, ...seen }, replaceValue: withValue, draft },
    ...(withValue && { notice: VALUE_NOT_KEPT }),
  };
}

const VALUE_NOT_KEPT = "The value is not kept over a sign-in. Enter it again.";

/** How a secret's present value did, if it is known and the value was not replaced since. */
function lastUseOf({ last_rotated_at }: SecretMetadata, feature: Feature | undefined): KeyUse | undefined {
  const use = feature?.lastUse;
  return use && Date.parse(use.at) > Date.parse(last_rotated_at) ? use : undefined;
}

const hrefWithKey = (page: string, key: string) => `${page}${page.includes("?") ? "&" : "?"}key=${key}`;

function describeVault(team: VaultTeam | null): string {
  if (!team) return "Your API keys, encrypted. Features use yours before anybody else's.";
  const rule = team.rule ?? "Members without a key of their own use these.";
  return team.role === "admin"
    ? `The team's API keys, encrypted. ${rule}`
    : `The team's API keys, which its admins look after. ${rule}`;
}

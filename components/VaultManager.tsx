"use client";

import { FileUp, Plus } from "lucide-react";
import { type DragEvent, type KeyboardEvent, useCallback, useEffect, useRef, useState } from "react";
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
import { followTheme } from "@/components/vault/ui/followTheme";
import { useRovingFocus } from "@/components/vault/ui/useRovingFocus";
import { findCatalogEntry } from "@/lib/vault/catalog";
import { takeReloadReason } from "@/lib/vault/http/client";
import { type CheckReply, type ImportRequest, type SaveRequest, vaultApi } from "@/lib/vault/requests";
import type { Category, Overlaps, SecretMetadata, TeamRole } from "@/lib/vault/types";
import { ChangeSince } from "./vault/ChangeSince";
import { keepDraft, type SecretDraft, takeDraft } from "./vault/draft";
import { EmptyVault } from "./vault/EmptyVault";
import { dayOf } from "./vault/expiry";
import { loadParts, RowMenu, SelectionBar } from "./vault/lateParts";
import { type ListedSecret, WHOLE_LIST } from "./vault/list-view";
import { resume } from "./vault/resume";
import type { RowAction } from "./vault/rowRights";
import { menuOf } from "./vault/rowRights";
import { SecretList } from "./vault/SecretList";
import { SecretRow } from "./vault/SecretRow";
import { ShownUser } from "./vault/ShownUser";
import type { Features } from "./vault/standing";
import { allowFiles, hasFiles, readFiles } from "./vault/transfer";
import { useManyChanges } from "./vault/useManyChanges";
import { useOpenCategories } from "./vault/useOpenCategories";
import { useSecretChanges } from "./vault/useSecretChanges";
import { useSelection } from "./vault/useSelection";
import { useVaultActions } from "./vault/useVaultActions";
import { useVaultDialogs } from "./vault/useVaultDialogs";
import { preloadDialogs, VaultDialogs } from "./vault/VaultDialogs";
import { verdictOf } from "./vault/verdict";
import { wantedKeys } from "./vault/wanted";
import { whose } from "./vault/whose";

const PRELOAD_AFTER_MS = 500;
const READ_AND_DECIDE_MS = 30_000;

interface VaultTeam {
  /** UUID. */
  id: string;
  /** Is in the panel's title. */
  name?: string;
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
  /** Is called with the secrets after every change; the same function in every render. */
  onSecretsChange?: (secrets: readonly SecretMetadata[]) => void;
  /** What uses keys, so that the panel can say which key that is. */
  features?: Features;
  /** The address of a page about what was done with keys; it is given one as `key`. */
  activityPage?: string;
  /** Why a secret should be replaced; undefined for no reason. */
  rotateReason?: (secret: SecretMetadata) => string | undefined;
  /** How people know somebody, by their UUID; undefined for nobody who is to be named. Rows then say who added a value. */
  nameOf?: (userId: string) => string | undefined;
  /** The keys that the person has a second time. Where it is given, a team's rows offer to add one's own. */
  overlaps?: Overlaps;
  /** Is told of a key that the person has added to their own vault from a team's. */
  onOwnKey?: (key: string) => void;
}

/** The panel in which a person, or a team, keeps API keys. */
export function VaultManager(props: VaultManagerProps) {
  const { userId, team = null, onSecretsChange, features, activityPage, nameOf } = props;
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
  const [overlaps, setOverlaps] = useState(props.overlaps ?? {});
  const [view, setView] = useState(WHOLE_LIST);
  const [announcement, setAnnouncement] = useState("");
  const [menu, setMenu] = useState<{ key: string; button: HTMLElement } | null>(null);
  const categories = useOpenCategories(place);
  const selection = useSelection();
  const { toggle: toggleSelected } = selection;
  const onGone = useCallback(
    (key: string) => setSecrets((current) => current.filter((secret) => secret.key !== key)),
    [],
  );
  const onChecked = useCallback(
    (key: string, { expires_at }: CheckReply) =>
      setSecrets((current) =>
        current.map((secret) => (secret.key === key ? learnExpiry(secret, expires_at) : secret)),
      ),
    [],
  );
  const actions = useVaultActions({ api, announce: setAnnouncement, onGone, onChecked });
  const changes = useSecretChanges({
    api,
    secrets,
    onSecretsChange: setSecrets,
    onValuesChanged: actions.forget,
  });
  const { show, hide, copy, check } = actions;
  const many = useManyChanges(changes, (failed) =>
    failed.length > 0 ? selection.set(failed) : stopSelecting(),
  );
  const addButton = useRef<HTMLButtonElement>(null);
  const headerToolbar = useRovingFocus("[role=toolbar]");
  const selectButton = useRef<HTMLButtonElement>(null);
  const dialogs = useVaultDialogs(hide, addButton);
  const { dialog, open, close, set: setDialog, latest: latestDialog, opener } = dialogs;
  const { wanted, platformOnly, ...keys } = wantedKeys(features, owner, secrets, overlaps);

  useEffect(() => {
    const draft = canManage ? takeDraft(place) : null;
    if (draft) setDialog(resume(draft, firstSecrets.current));
    const preload = setTimeout(() => {
      void loadParts().catch(() => {});
      if (canManage) void preloadDialogs();
    }, PRELOAD_AFTER_MS);
    return () => clearTimeout(preload);
  }, [place, canManage, setDialog]);

  const act = useCallback(
    (action: RowAction, secret: SecretMetadata) => {
      if (action === "show") void show(secret);
      else if (action === "hide") hide();
      else if (action === "copy") void copy(secret);
      else if (action === "check") void check(secret);
      else if (action === "delete") open({ kind: "delete", secret });
      else if (action === "select") toggleSelected(secret.key);
      else if (action === "use-own") open({ kind: "own", secret });
      else open({ kind: "edit", secret, replaceValue: action === "enter-again" });
    },
    [show, hide, copy, check, open, toggleSelected],
  );
  const openMenu = useCallback(
    ({ key }: SecretMetadata, button: HTMLElement) =>
      setMenu((current) => (current?.key === key ? null : { key, button })),
    [],
  );

  function stopSelecting() {
    selection.stop();
    // What had the focus goes with the boxes and the bar.
    selectButton.current?.focus({ preventScroll: true });
  }

  async function save(request: SaveRequest, editing: SecretMetadata | null): Promise<void> {
    if (!editing || request.value !== undefined) {
      await changes.saveWithValue(request);
      close();
      uncover([request.category]);
      return;
    }
    close();
    uncover([request.category]);
    const { category, description, use_only, expires_at } = request;
    void changes.saveMetadata(editing, request, (failure, current) => {
      const draft = {
        ...{ key: editing.key, category, description },
        ...(use_only !== undefined && { useOnly: use_only }),
        ...(expires_at !== undefined && { expiresOn: dayOf(expires_at) }),
      };
      const reopen = () => setDialog({ kind: "edit", secret: current, replaceValue: false, draft, failure });
      if (!latestDialog.current) return reopen();
      toast.error(`Couldn't change ${editing.key}. ${failure.message}`, {
        action: { label: "Edit again", onClick: reopen },
      });
    });
  }

  /** What was just stored is not hidden by a search, a filter or a closed category. */
  function uncover(stored: readonly string[]) {
    setView(({ sort }) => ({ ...WHOLE_LIST, sort }));
    categories.open(stored);
  }

  function remove(secret: SecretMetadata) {
    const current = latestDialog.current;
    if (current?.kind === "delete" && current.secret.key === secret.key) {
      // Focus goes to the neighbour, so that one keeps one's place in a long list.
      opener.current = neighbourOf(
        "#vault [data-action='menu']",
        ({ dataset: { key } }) => key === secret.key,
      );
      close();
    }
    void changes.remove(secret, (present, seen) => {
      if (!latestDialog.current) return open({ kind: "delete", secret: present, seen });
      toast.error(`Couldn't delete ${secret.key}`, {
        description: <ChangeSince seen={seen} present={present} />,
        action: { label: "Delete it anyway", onClick: () => remove(present) },
        duration: READ_AND_DECIDE_MS,
      });
    });
  }

  const selectedSecrets = secrets.filter(({ key }) => selection.selected.has(key));

  function move(category: Category) {
    void many.change(selectedSecrets, { move: category });
    categories.open([category]);
  }

  function removeAll(chosen: readonly SecretMetadata[]) {
    close();
    void many.change(chosen, "delete");
  }

  function noteOwnKey(key: string) {
    setOverlaps((known) => ({ ...known, [key]: [] }));
    toast.success(`${key} added to your keys`);
    props.onOwnKey?.(key);
  }

  async function importAll(rows: ImportRequest[], useOnly: boolean) {
    await changes.importAll(rows, useOnly);
    close();
    uncover(rows.map(({ category }) => category));
  }

  /** Escape leaves the selection, where nothing else is open that it closes. */
  function handleKey(event: KeyboardEvent) {
    if (event.key !== "Escape" || event.defaultPrevented || !selection.isOn || dialog || many.isBusy) return;
    event.preventDefault();
    stopSelecting();
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

  function signIn(draft?: SecretDraft, to = place) {
    if (draft) keepDraft(to, draft);
    // The page itself leads to where one signs in, and nothing of the ended session stays in memory.
    window.location.reload();
  }

  const rows = secrets.map((secret): ListedSecret => {
    const adder = secret.details?.added_by;
    return {
      secret,
      standing: keys.standingOf(secret.key),
      verdict: verdictOf(secret, actions.checks.get(secret.key)),
      use: keys.lastUseOf(secret),
      addedBy: team && adder ? nameOf?.(adder) : undefined,
    };
  });
  const rightsTo = (key: string) => ({
    canManage,
    canUseOwn: team !== null && props.overlaps !== undefined && !overlaps[key],
  });
  const menuSecret = menu && secrets.find(({ key }) => key === menu.key);

  return (
    <Card
      ref={followTheme}
      id="vault"
      aria-labelledby="vault-title"
      className="scroll-mt-4"
      onKeyDown={handleKey}
      onDragOver={(event) => canManage && allowFiles(event)}
      onDrop={dropFile}
    >
      <ShownUser userId={userId} />
      <CardHeader ref={headerToolbar.props.ref}>
        <CardTitle id="vault-title" className="[overflow-wrap:anywhere]">
          {team ? whose(team.name ?? "The team", "keys") : "Your keys"}
        </CardTitle>
        <CardDescription>{describeVault(team)}</CardDescription>
        {canManage && (
          <CardAction role="toolbar" aria-label="Add secrets" className="flex gap-2">
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
            rows={rows}
            platformOnly={platformOnly}
            view={view}
            onViewChange={(next) => setView(next ?? WHOLE_LIST)}
            categories={categories}
            ofTeam={team !== null}
            onAdd={canManage ? addKey : undefined}
            isSelecting={selection.isOn}
            onSelect={canManage ? () => (selection.isOn ? selection.stop() : selection.start()) : undefined}
            selectButton={selectButton}
            renderRow={({ secret, standing, use, addedBy }) => (
              <SecretRow
                key={secret.key}
                secret={secret}
                standing={standing}
                shown={actions.revealed?.key === secret.key ? actions.revealed : undefined}
                busy={actions.busyWith(secret.key)}
                check={actions.checks.get(secret.key)}
                unreadable={actions.unreadable.has(secret.key)}
                use={use}
                rotateReason={props.rotateReason?.(secret)}
                addedBy={addedBy}
                canManage={canManage}
                menu={menuOf(secret, rightsTo(secret.key))}
                isMenuOpen={menu?.key === secret.key}
                isSelected={selection.isOn ? selection.selected.has(secret.key) : undefined}
                onAction={act}
                onMenu={openMenu}
              />
            )}
            renderSelection={(shownKeys) =>
              selection.isOn && (
                <SelectionBar
                  count={selectedSecrets.length}
                  progress={many.progress}
                  isBusy={many.isBusy}
                  onSelectAll={() => selection.set(shownKeys)}
                  onCategory={move}
                  onDelete={() => open({ kind: "delete-many", secrets: selectedSecrets })}
                  onCancel={stopSelecting}
                />
              )
            }
          />
        )}
      </CardContent>
      <output className="sr-only">{announcement}</output>
      {menu && menuSecret && (
        <RowMenu
          key={menu.key}
          secret={menuSecret}
          rights={rightsTo(menu.key)}
          isShown={actions.revealed?.key === menu.key}
          activityHref={canManage && activityPage ? hrefWithKey(activityPage, menu.key) : undefined}
          button={menu.button}
          onAction={act}
          onClose={() => setMenu(null)}
        />
      )}
      <VaultDialogs
        dialog={dialog}
        setDialog={setDialog}
        api={api}
        secrets={secrets}
        changes={changes}
        ofTeam={team !== null}
        consequenceOf={keys.consequenceOf}
        onSave={save}
        onDelete={remove}
        onDeleteMany={removeAll}
        onImport={importAll}
        onOwnKey={noteOwnKey}
        onSignIn={(draft) => signIn(draft)}
        onSignInToOwn={(draft) => signIn(draft, userId)}
        onClose={close}
        onCloseAutoFocus={dialogs.focusOpener}
      />
    </Card>
  );
}

/** The secret with the date that its provider told, unless it had one. */
function learnExpiry(secret: SecretMetadata, expires_at: string | null): SecretMetadata {
  const { details } = secret;
  if (!expires_at || !details || details.expires_at) return secret;
  return { ...secret, details: { ...details, expires_at } };
}

const hrefWithKey = (page: string, key: string) => `${page}${page.includes("?") ? "&" : "?"}key=${key}`;

function describeVault(team: VaultTeam | null): string {
  if (!team) return "Encrypted API keys. Features use yours first.";
  const rule = team.rule ?? "Members without a key of their own use these.";
  return team.role === "admin"
    ? `Encrypted API keys. ${rule}`
    : `Encrypted API keys, managed by the team's admins. ${rule}`;
}

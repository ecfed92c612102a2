"use client";

import { useEffect, useRef, useState } from "react";
import { toast } from "@/components/vault/toast";
import { Card, CardContent } from "@/components/vault/ui/card";
import { followTheme } from "@/components/vault/ui/followTheme";
import { findCatalogEntry } from "@/lib/vault/catalog";
import { takeReloadReason } from "@/lib/vault/http/client";
import { vaultApi } from "@/lib/vault/requests";
import type { Category, Overlaps, SecretMetadata } from "@/lib/vault/types";
import { dialogChanges } from "./vault/dialogChanges";
import { EmptyVault } from "./vault/EmptyVault";
import { RowMenu, SelectionBar } from "./vault/lateParts";
import { listRows } from "./vault/list-view";
import { panelHandlers } from "./vault/panelHandlers";
import { menuOf } from "./vault/rowRights";
import { SecretList } from "./vault/SecretList";
import { SecretRow } from "./vault/SecretRow";
import { ShownUser } from "./vault/ShownUser";
import type { Features } from "./vault/standing";
import { signInAgain, useKeptDraft } from "./vault/useKeptDraft";
import { useListView } from "./vault/useListView";
import { useManyChanges } from "./vault/useManyChanges";
import { usePreload } from "./vault/usePreload";
import { useRowActions } from "./vault/useRowActions";
import { useSecretChanges } from "./vault/useSecretChanges";
import { useSelection } from "./vault/useSelection";
import { useShownSecrets } from "./vault/useShownSecrets";
import { useVaultActions } from "./vault/useVaultActions";
import { useVaultDialogs } from "./vault/useVaultDialogs";
import { VaultDialogs } from "./vault/VaultDialogs";
import { VaultHeader, type VaultTeam } from "./vault/VaultHeader";
import { wantedKeys } from "./vault/wanted";

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
  const { userId, team = null, features, activityPage, nameOf } = props;
  const { secrets, setSecrets, ...learned } = useShownSecrets(props.initialSecrets, props.onSecretsChange);
  useEffect(() => {
    const reason = takeReloadReason();
    if (reason) toast.info(reason);
  }, []);
  const owner = team ? "team" : "user";
  const canManage = team?.role !== "member";
  const place = team ? `${userId} ${team.id}` : userId;
  const [api] = useState(() => vaultApi(team?.id ?? null));
  const [overlaps, setOverlaps] = useState(props.overlaps ?? {});
  const [announcement, setAnnouncement] = useState("");
  const list = useListView(place);
  const selection = useSelection();
  const actions = useVaultActions({ api, announce: setAnnouncement, ...learned });
  const changes = useSecretChanges({
    api,
    secrets,
    onSecretsChange: setSecrets,
    onValuesChanged: actions.forget,
  });
  const many = useManyChanges(changes, (failed) =>
    failed.length > 0 ? selection.set(failed) : selection.leave(),
  );
  const addButton = useRef<HTMLButtonElement>(null);
  const dialogs = useVaultDialogs(actions.hide, addButton);
  const { open, close } = dialogs;
  const { save, remove, importAll } = dialogChanges(dialogs, changes, list.uncover);
  const { wanted, platformOnly, ...keys } = wantedKeys(features, owner, secrets, overlaps);

  useKeptDraft({ place, canManage, secrets: props.initialSecrets, onResume: dialogs.set });
  usePreload(canManage);
  const { act, menu, toggleMenu, closeMenu } = useRowActions(actions, open, selection.toggle);
  const selectedSecrets = secrets.filter(({ key }) => selection.selected.has(key));

  function move(category: Category) {
    void many.change(selectedSecrets, { move: category });
    list.categories.open([category]);
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

  function addKey(key: string) {
    const category = findCatalogEntry(key)?.category ?? "General";
    open({ kind: "add", draft: { key, category, description: "" } });
  }

  const rows = listRows(secrets, keys, actions.checks, team ? nameOf : undefined);
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
      {...panelHandlers({ canManage, dialogs, selection, isBusy: many.isBusy })}
    >
      <ShownUser userId={userId} />
      <VaultHeader
        team={team}
        canManage={canManage}
        addButton={addButton}
        onImport={() => open({ kind: "import" })}
        onAdd={() => open({ kind: "add" })}
      />
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
            list={list}
            ofTeam={team !== null}
            onAdd={canManage ? addKey : undefined}
            selection={canManage ? selection : undefined}
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
                onMenu={toggleMenu}
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
                  onCancel={selection.leave}
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
          onClose={closeMenu}
        />
      )}
      <VaultDialogs
        dialog={dialogs.dialog}
        setDialog={dialogs.set}
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
        onSignIn={(draft) => signInAgain(place, draft)}
        onSignInToOwn={(draft) => signInAgain(userId, draft)}
        onClose={close}
        onCloseAutoFocus={dialogs.focusOpener}
      />
    </Card>
  );
}

const hrefWithKey = (page: string, key: string) => `${page}${page.includes("?") ? "&" : "?"}key=${key}`;

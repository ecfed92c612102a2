import type { RunKind } from "@/lib/reveal/types";
import { forgottenAt, namesIn, PREFIX, storageOf } from "./forget";
import { parseDraft, parseRun } from "./parse";
import { endedRun, newest, type PageRun } from "./run";

// One entry a run, so that an answer that grows writes itself alone, and two tabs never write over each other's. In the
// name there is everything that one has to know to find the oldest, or somebody else's:
// reveal/run/<person>/<team or "own">/<time sent>-<id>

const RUN = `${PREFIX}run/`;
const KEEP = `${PREFIX}keep/`;
const DRAFT = `${PREFIX}draft/`;
const TAB = `${PREFIX}tab/`;
/** Beyond what any field accepts, it is a mistake, and would push out what is worth keeping. */
const MAX_DRAFT = 1_000_000;

/** What is kept in this browser of one person's runs in one workspace. Nothing of it ever throws. */
export interface RunStore {
  /** Newest first. What cannot be read is removed. */
  load(): PageRun[];
  save(run: PageRun): void;
  remove(run: PageRun): void;
  /** Whether they outlive this tab. */
  isKept(): boolean;
  /** @param runs to be kept from now on */
  setKept(outlivesTab: boolean, runs: readonly PageRun[]): void;
  loadDraft(kind: RunKind): string;
  saveDraft(kind: RunKind, text: string): void;
  /** Which of the two forms was open last. */
  loadTab(): RunKind;
  saveTab(kind: RunKind): void;
  /**
   * Calls back when another tab has changed what outlives tabs.
   *
   * @param onRemoved is given the id of a run that was deleted there
   * @returns a function that ends it
   */
  watch(onKept: () => void, onRemoved: (id: string) => void): () => void;
}

/**
 * Opens the store. What is there of somebody else is removed at sight.
 *
 * @param userId UUID
 * @param teamId UUID; undefined for the person's own workspace
 */
export function openStore(userId: string, teamId: string | undefined): RunStore {
  const [session, local] = [storageOf("session"), storageOf("local")];
  const place = `${userId}/${teamId ?? "own"}`;
  const nameOf = ({ at, id }: PageRun) => `${RUN}${place}/${String(at).padStart(16, "0")}-${id}`;
  const isKept = () => local?.getItem(KEEP + place) === "yes";
  for (const storage of [session, local]) if (storage) removeOthers(storage, userId);

  function read(storage: Storage | null): PageRun[] {
    if (!storage) return [];
    const since = forgottenAt();
    return namesIn(storage, `${RUN}${place}/`).flatMap((name) => {
      const run = parseRun(storage.getItem(name) ?? "");
      if (run && nameOf(run) === name && run.at > since) return endedRun(run);
      storage.removeItem(name);
      return [];
    });
  }

  function removeNamed(storage: Storage | null, names: readonly string[]): void {
    for (const name of names) storage?.removeItem(name);
  }

  /** Those of this workspace that outlive tabs and are too many, by now: other tabs add theirs. */
  function trimKept(): void {
    const kept = read(local);
    const stay = newest(kept);
    removeNamed(local, kept.filter((run) => !stay.includes(run)).map(nameOf));
  }

  function dropKept(): void {
    if (local) removeNamed(local, namesIn(local, `${RUN}${place}/`));
  }

  return {
    isKept,
    load() {
      const inTab = read(session);
      const ids = new Set(inTab.map(({ id }) => id));
      if (!isKept()) dropKept();
      return newest([...inTab, ...read(local).filter(({ id }) => !ids.has(id))]);
    },
    save(run) {
      const text = JSON.stringify(run);
      put(session, nameOf(run), text);
      // What another tab reads has to be over: it would take it for broken off.
      if (run.state === "running" || !isKept()) return;
      put(local, nameOf(run), text);
      trimKept();
    },
    remove(run) {
      for (const storage of [session, local]) removeNamed(storage, [nameOf(run)]);
    },
    setKept(outlivesTab, runs) {
      if (outlivesTab) {
        put(local, KEEP + place, "yes");
        for (const run of runs) if (run.state !== "running") put(local, nameOf(run), JSON.stringify(run));
        return;
      }
      // First, because other tabs look at it to tell this from the deletion of a run.
      local?.removeItem(KEEP + place);
      dropKept();
      // They are this tab's from now on.
      for (const run of runs) put(session, nameOf(run), JSON.stringify(run));
    },
    loadDraft(kind) {
      const draft = parseDraft(session?.getItem(`${DRAFT}${place}/${kind}`) ?? "");
      return draft && draft.at > forgottenAt() ? draft.text : "";
    },
    saveDraft(kind, text) {
      const name = `${DRAFT}${place}/${kind}`;
      if (text === "" || text.length > MAX_DRAFT) session?.removeItem(name);
      else put(session, name, JSON.stringify({ at: Date.now(), text }));
    },
    loadTab: () => (session?.getItem(TAB + place) === "analyze" ? "analyze" : "run"),
    saveTab(kind) {
      put(session, TAB + place, kind);
    },
    watch(onKept, onRemoved) {
      const follow = ({ key, newValue, storageArea }: StorageEvent) => {
        if (storageArea !== local || key === null) return;
        if (key === KEEP + place) onKept();
        if (!key.startsWith(`${RUN}${place}/`) || newValue !== null || !isKept()) return;
        removeNamed(session, [key]);
        // After the time and a dash.
        onRemoved(key.slice(`${RUN}${place}/`.length + 17));
      };
      window.addEventListener("storage", follow);
      return () => window.removeEventListener("storage", follow);
    },
  };
}

function removeOthers(storage: Storage, userId: string): void {
  for (const kind of [RUN, KEEP, DRAFT, TAB]) {
    for (const name of namesIn(storage, kind)) {
      if (!name.startsWith(`${kind}${userId}/`)) storage.removeItem(name);
    }
  }
}

/** Writes an entry. Where there is no room, the oldest runs go until there is. */
function put(storage: Storage | null, name: string, text: string): void {
  while (storage) {
    try {
      storage.setItem(name, text);
      return;
    } catch {
      const oldest = oldestRun(storage, name);
      if (oldest === undefined) return;
      storage.removeItem(oldest);
    }
  }
}

const timeIn = (name: string) => name.slice(name.lastIndexOf("/"));

function oldestRun(storage: Storage, except: string): string | undefined {
  const names = namesIn(storage, RUN).filter((name) => name !== except);
  return names.reduce<string | undefined>(
    (oldest, name) => (oldest === undefined || timeIn(name) < timeIn(oldest) ? name : oldest),
    undefined,
  );
}

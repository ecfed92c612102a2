import { toast } from "sonner";
import type { RunKind, RunOutcome } from "@/lib/reveal/types";
import type { TeamSummary } from "@/lib/teams/types";
import { type ApiError, asApiError } from "@/lib/vault/http/client";
import type { SecretSource } from "@/lib/vault/types";
import { Fields } from "./fields";
import { onForget } from "./forget";
import { newId } from "./id";
import { findReceipt } from "./ledger";
import { hasContent, lacksReceipt, newest, type PageRun } from "./run";
import { NOTHING_YET, type RevealState } from "./state";
import { stepsOf } from "./steps";
import { openStore, type RunStore } from "./store";

/** How often an answer that grows is kept. */
const SAVE_EVERY_MS = 1_000;
const KINDS = ["run", "analyze"] as const;
/** Replies that say that a run never began. */
const REFUSED = new Set([400, 401, 403, 404, 413]);
/** Why a run was ended that the person did not stop. */
const LEFT = "left";

interface EngineOptions {
  userId: string;
  team: TeamSummary | null;
  /** Learns how each run ended. */
  onRun: (outcome: RunOutcome) => void;
}

/** What a run is sent with beside its text. */
export interface Choice {
  model?: string | undefined;
  /** The only layer whose key is to pay this once. */
  source?: SecretSource | undefined;
}

interface Form {
  call: AbortController | null;
  shown: string | null;
  empty: string | null;
  error: ApiError | null;
}

const newForm = (): Form => ({ call: null, shown: null, empty: null, error: null });

/** Runs, and keeps what they bring, for one person in one workspace, as long as the page is there. */
export class RevealEngine {
  readonly fields: Fields;
  /** Which form was open when the page was left. */
  readonly lastTab: RunKind;
  readonly #options: EngineOptions;
  readonly #store: RunStore;
  readonly #forms: Record<RunKind, Form> = { run: newForm(), analyze: newForm() };
  readonly #listeners = new Set<() => void>();
  readonly #unsaved = new Set<string>();
  readonly #closers: (() => void)[];
  #runs: PageRun[];
  #state: RevealState = NOTHING_YET;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#store = openStore(options.userId, options.team?.id);
    this.fields = new Fields(this.#store);
    this.lastTab = this.#store.loadTab();
    this.#runs = this.#store.load();
    for (const kind of KINDS) {
      this.#forms[kind].shown = this.#runs.find((run) => run.kind === kind && hasContent(run))?.id ?? null;
    }
    this.#closers = [
      onForget(() => this.#forget()),
      this.#store.watch(
        () => this.#tell(),
        (id) => this.#drop([id]),
      ),
      () => window.removeEventListener("beforeunload", askFirst),
      listen(window, "pagehide", () => this.#saveAll()),
      listen(document, "visibilitychange", () => document.visibilityState === "hidden" && this.#saveAll()),
      // A browser that kept this page while another was shown has not read on.
      listen(window, "pageshow", ({ persisted }) => persisted && this.#leave()),
    ];
    this.#tell();
    for (const run of this.#runs) void this.#complete(run, false);
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly read = () => this.#state;

  /** The page continues without it. */
  close(): void {
    this.#leave();
    this.#saveAll();
    for (const close of this.#closers) close();
  }

  /** Runs a prompt, or analyzes a text. Does nothing while one of that kind is under way. */
  async send(kind: RunKind, text: string, { model, source }: Choice): Promise<void> {
    const form = this.#forms[kind];
    if (form.call) return;
    const call = new AbortController();
    const before = form.shown;
    const { team } = this.#options;
    const id = newId();
    Object.assign(form, { call, shown: id, empty: null, error: null });
    this.#add({
      ...{ id, kind, text, at: Date.now(), team: team?.name ?? null, model: model ?? null, source: null },
      ...{ state: "running", answer: "", analysis: null, receipt: null, is_free: false, failure: null },
    });
    const now = () => this.#find(id);
    let status = "cancelled";
    try {
      for await (const step of stepsOf(kind, text, { id, team_id: team?.id, source, model }, call.signal)) {
        this.#update(id, step);
        if (step.receipt) status = step.receipt.status;
      }
    } catch (failure) {
      if (call.signal.aborted) {
        this.#update(id, { state: call.signal.reason === LEFT ? "broken" : "stopped" });
      } else {
        const error = asApiError(failure);
        status = error.code;
        form.error = error;
        this.#update(id, {
          state: now()?.source ? "broken" : "failed",
          source: now()?.source ?? error.source ?? null,
          failure: error.message,
          is_free: REFUSED.has(error.status),
        });
      }
    }
    const run = now();
    form.call = null;
    // The last answer stays where there is no new one to show.
    if (run && !hasContent(run)) Object.assign(form, { shown: before, empty: id });
    this.#tell();
    this.#options.onRun({ source: run?.source ?? undefined, status });
    if (run) await this.#complete(run, (form.error?.status ?? 0) > 0);
  }

  /** Puts a text back into its field, and runs it. */
  sendAgain(kind: RunKind, text: string, choice: Choice): void {
    if (this.#forms[kind].call) return;
    const before = this.fields.enter(kind, text);
    if (before.trim() !== "" && before !== text) {
      toast(`The ${kind === "run" ? "prompt" : "text"} in the field was replaced.`, {
        action: { label: "Undo", onClick: () => void this.fields.enter(kind, before) },
      });
    }
    void this.send(kind, text, choice);
  }

  /** Takes which form is open, for when the page is come back to. */
  keepTab(kind: RunKind): void {
    this.#store.saveTab(kind);
  }

  stop(kind: RunKind): void {
    this.#forms[kind].call?.abort();
    this.#tell();
  }

  /** Deletes runs that are over, here and where they outlive the tab. @returns them, for {@link restore} */
  remove(ids: readonly string[]): PageRun[] {
    const gone = this.#runs.filter((run) => ids.includes(run.id) && run.state !== "running");
    for (const run of gone) this.#store.remove(run);
    this.#drop(gone.map(({ id }) => id));
    return gone;
  }

  /** Takes a deletion back. */
  restore(runs: readonly PageRun[]): void {
    for (const run of runs) this.#add(run);
  }

  setKept(isKept: boolean): void {
    this.#store.setKept(isKept, this.#runs);
    this.#tell();
  }

  #find(id: string | null): PageRun | undefined {
    return this.#runs.find((run) => run.id === id);
  }

  #leave(): void {
    for (const kind of KINDS) this.#forms[kind].call?.abort(LEFT);
    this.#tell();
  }

  #add(run: PageRun): void {
    const runs = newest([...this.#runs, run]);
    for (const old of this.#runs) if (!runs.includes(old)) this.#store.remove(old);
    this.#runs = runs;
    this.#changed(run);
  }

  #update(id: string, step: Partial<PageRun>): void {
    const run = this.#find(id);
    if (!run) return;
    const next = { ...run, ...step };
    this.#runs = this.#runs.map((each) => (each.id === id ? next : each));
    this.#changed(next);
  }

  #changed({ id, state }: PageRun): void {
    this.#unsaved.add(id);
    if (state !== "running") this.#saveRuns();
    else this.#timer ??= setTimeout(() => this.#saveRuns(), SAVE_EVERY_MS);
    this.#tell();
  }

  #drop(ids: readonly string[]): void {
    this.#runs = this.#runs.filter(({ id }) => !ids.includes(id));
    for (const kind of KINDS) {
      const form = this.#forms[kind];
      if (!this.#find(form.shown)) form.shown = null;
    }
    this.#tell();
  }

  /** Finds out what a run cost that ended without saying it. */
  async #complete(run: PageRun, isAnswered: boolean): Promise<void> {
    if (!lacksReceipt(run)) return;
    const found = await findReceipt(run.id, isAnswered);
    if (found) this.#update(run.id, found);
  }

  #forget(): void {
    this.#leave();
    this.#unsaved.clear();
    this.#runs = [];
    for (const kind of KINDS) Object.assign(this.#forms[kind], { shown: null, empty: null, error: null });
    this.fields.clear();
    this.#tell();
  }

  #saveRuns(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const run of this.#runs) if (this.#unsaved.has(run.id)) this.#store.save(run);
    this.#unsaved.clear();
  }

  #saveAll(): void {
    this.#saveRuns();
    this.fields.save();
  }

  #tell(): void {
    const stateOf = (kind: RunKind) => {
      const { call, shown, empty, error } = this.#forms[kind];
      const find = (id: string | null) => this.#find(id) ?? null;
      return { shown: find(shown), isRunning: call !== null, error, empty: find(empty) };
    };
    this.#state = {
      run: stateOf("run"),
      analyze: stateOf("analyze"),
      ended: this.#runs.filter(({ state }) => state !== "running"),
      isKept: this.#store.isKept(),
    };
    const isRunning = KINDS.some((kind) => this.#forms[kind].call?.signal.aborted === false);
    // Only then: some browsers keep no page for the back button that listens to it.
    if (isRunning) window.addEventListener("beforeunload", askFirst);
    else window.removeEventListener("beforeunload", askFirst);
    for (const listener of this.#listeners) listener();
  }
}

/** Has the browser ask whether the page is really to be left. */
const askFirst = (event: Event) => event.preventDefault();

function listen<Name extends keyof (WindowEventMap & DocumentEventMap)>(
  target: Window | Document,
  name: Name,
  handle: (event: (WindowEventMap & DocumentEventMap)[Name]) => unknown,
): () => void {
  const listener = (event: Event) => void handle(event as (WindowEventMap & DocumentEventMap)[Name]);
  target.addEventListener(name, listener);
  return () => target.removeEventListener(name, listener);
}

import type { RunKind } from "@/lib/reveal/types";
import type { RunStore } from "./store";

const SAVE_AFTER_MS = 500;

/** The forms' two fields: what is being typed there is kept, and put back. */
export class Fields {
  readonly #store: RunStore;
  readonly #fields = new Map<RunKind, HTMLTextAreaElement>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: RunStore) {
    this.#store = store;
  }

  /**
   * Puts the draft of this field back, unless somebody has typed already, and keeps what is typed from now on.
   *
   * @returns a function that ends it
   */
  attach(kind: RunKind, field: HTMLTextAreaElement): () => void {
    this.#fields.set(kind, field);
    if (field.value === "") fill(field, this.#store.loadDraft(kind));
    const later = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.save(), SAVE_AFTER_MS);
    };
    field.addEventListener("input", later);
    // Typed before this was loaded.
    if (field.value !== "") later();
    return () => {
      field.removeEventListener("input", later);
      this.#fields.delete(kind);
    };
  }

  /** Keeps what is in the fields. */
  save(): void {
    clearTimeout(this.#timer);
    for (const [kind, field] of this.#fields) this.#store.saveDraft(kind, field.value);
  }

  /** Replaces what is in a field. @returns what that was */
  enter(kind: RunKind, text: string): string {
    const field = this.#fields.get(kind);
    const before = field?.value ?? "";
    if (field) fill(field, text);
    return before;
  }

  clear(): void {
    clearTimeout(this.#timer);
    for (const field of this.#fields.values()) fill(field, "");
  }
}

function fill(field: HTMLTextAreaElement, text: string): void {
  if (field.value === text) return;
  field.value = text;
  // As if it were typed, for what counts characters.
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

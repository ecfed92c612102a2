import { CATEGORIES, type Category, type SecretMetadata } from "@/lib/vault/types";

/** What somebody had entered, without the value, which is never kept. */
export interface SecretDraft {
  key: string;
  category: Category;
  description: string;
  useOnly?: boolean;
  /** As a date field has it. */
  expiresOn?: string;
  /** Left out where a secret was being added. */
  edit?: EditDraft;
}

/** What an edit was about: the state that the person saw, and whether they were entering a new value. */
interface EditDraft extends Pick<SecretMetadata, "updated_at" | "last_rotated_at"> {
  withValue: boolean;
}

const STORAGE_KEY = "vault-draft";
const DAY = /^(\d{4}-\d{2}-\d{2})?$/;

/**
 * Keeps a draft over a sign-in, in this tab, for this person in this workspace.
 *
 * @param place names both
 */
export function keepDraft(place: string, draft: SecretDraft): void {
  // Member by member, so that a value is never among them.
  const { key, category, description, useOnly, expiresOn, edit } = draft;
  const kept = { place, key, category, description, useOnly, expiresOn, edit };
  sessionStorage.setItem(STORAGE_KEY, JSON.stringify(kept));
}

/** Takes the kept draft, once; null if there is none of this place, or none that can be read. */
export function takeDraft(place: string): SecretDraft | null {
  const kept = sessionStorage.getItem(STORAGE_KEY);
  if (kept === null) return null;
  sessionStorage.removeItem(STORAGE_KEY);
  try {
    const draft: Record<string, unknown> = Object(JSON.parse(kept));
    const { place: keptFor } = draft;
    return keptFor === place ? readDraft(draft) : null;
  } catch {
    return null;
  }
}

function readDraft(kept: Record<string, unknown>): SecretDraft | null {
  const { key, category, description, useOnly, expiresOn, edit } = kept;
  const known = CATEGORIES.find((name) => name === category);
  if (typeof key !== "string" || typeof description !== "string" || !known) return null;
  const draft = {
    ...{ key, category: known, description },
    ...(typeof useOnly === "boolean" && { useOnly }),
    ...(typeof expiresOn === "string" && DAY.test(expiresOn) && { expiresOn }),
  };
  if (edit === undefined) return draft;
  const readEdit = edit && readState(Object(edit));
  return readEdit ? { ...draft, edit: readEdit } : null;
}

function readState({ updated_at, last_rotated_at, withValue }: Record<string, unknown>): EditDraft | null {
  if (!isTime(updated_at) || !isTime(last_rotated_at) || typeof withValue !== "boolean") return null;
  return { updated_at, last_rotated_at, withValue };
}

const isTime = (text: unknown): text is string => typeof text === "string" && !Number.isNaN(Date.parse(text));

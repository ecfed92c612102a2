import { CATEGORIES, type Category } from "@/lib/vault/types";

/** What somebody had entered, without the value, which is never kept. */
export interface SecretDraft {
  key: string;
  category: Category;
  description: string;
}

const STORAGE_KEY = "vault-draft";

/**
 * Keeps a draft over a sign-in, in this tab, for this person in this workspace.
 *
 * @param place names both
 */
export function keepDraft(place: string, { key, category, description }: SecretDraft): void {
  sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ place, key, category, description }));
}

/** Takes the kept draft, once; null if there is none of this place. */
export function takeDraft(place: string): SecretDraft | null {
  const kept = sessionStorage.getItem(STORAGE_KEY);
  if (kept === null) return null;
  sessionStorage.removeItem(STORAGE_KEY);
  try {
    const draft: Partial<SecretDraft> & { place?: string } = JSON.parse(kept);
    const category = CATEGORIES.find((name) => name === draft.category);
    if (draft.place !== place || !category) return null;
    return { key: String(draft.key), category, description: String(draft.description) };
  } catch {
    return null;
  }
}

"use client";

import { useState } from "react";
import { type ListView, WHOLE_LIST } from "./list-view";
import { useOpenCategories } from "./useOpenCategories";

/**
 * What the list shows: what is searched and filtered for, how it is sorted, and which categories are open.
 *
 * @param place names the person and the workspace
 */
export function useListView(place: string) {
  const [view, setView] = useState(WHOLE_LIST);
  const categories = useOpenCategories(place);
  return {
    view,
    /** Shows everything again, where null. */
    change: (next: ListView | null) => setView(next ?? WHOLE_LIST),
    categories,
    /** What was just stored is not hidden by a search, a filter or a closed category. */
    uncover(stored: readonly string[]) {
      setView(({ sort }) => ({ ...WHOLE_LIST, sort }));
      categories.open(stored);
    },
  };
}

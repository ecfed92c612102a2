"use client";

import { type RefObject, useEffect } from "react";

const TYPING = "input, textarea, select, [contenteditable]";
const OPEN = "[role=dialog], [role=alertdialog], [role=menu], dialog[open]";

/** Lets `/` put the focus into a field, unless somebody is typing, or a dialog or a menu is open. */
export function useSlashKey(field: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.defaultPrevented) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest(TYPING) || document.querySelector(OPEN) || !field.current?.checkVisibility())
        return;
      // Else the character would be the first one of the search.
      event.preventDefault();
      field.current.focus();
      field.current.select();
    };
    document.addEventListener("keydown", focus);
    return () => document.removeEventListener("keydown", focus);
  }, [field]);
}

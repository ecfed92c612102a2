"use client";

import { useSyncExternalStore } from "react";

const never = () => () => {};
const isApple = () => /Mac|iPhone|iPad/.test(navigator.platform);

/** Says that there is a shortcut, to those who have a keyboard, most likely. */
export function KeyHint() {
  const key = useSyncExternalStore(
    never,
    () => (isApple() ? "⌘" : "Ctrl"),
    () => null,
  );
  if (key === null) return null;
  return (
    <p className="ml-auto hidden text-xs whitespace-nowrap text-muted-foreground sm:any-pointer-fine:block">
      {key} + Enter
    </p>
  );
}

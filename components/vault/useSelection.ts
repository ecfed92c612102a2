"use client";

import { useCallback, useRef, useState } from "react";

const NONE: ReadonlySet<string> = new Set();

/** Which keys are selected, while several can be. */
export function useSelection() {
  const [selected, setSelected] = useState<ReadonlySet<string> | null>(null);
  /** Starts the selection. */
  const button = useRef<HTMLButtonElement>(null);

  const toggle = useCallback(
    (key: string) =>
      setSelected((current) => {
        const next = new Set(current);
        if (!next.delete(key)) next.add(key);
        return next;
      }),
    [],
  );
  const stop = () => setSelected(null);
  return {
    isOn: selected !== null,
    selected: selected ?? NONE,
    button,
    start: () => setSelected(NONE),
    stop,
    /** Stops where the focus is on a box or in the bar, which go. */
    leave() {
      stop();
      button.current?.focus({ preventScroll: true });
    },
    toggle,
    set: (keys: readonly string[]) => setSelected(new Set(keys)),
  };
}

"use client";

import { useCallback, useState } from "react";

const NONE: ReadonlySet<string> = new Set();

/** Which keys are selected, while several can be. */
export function useSelection() {
  const [selected, setSelected] = useState<ReadonlySet<string> | null>(null);

  const toggle = useCallback(
    (key: string) =>
      setSelected((current) => {
        const next = new Set(current);
        if (!next.delete(key)) next.add(key);
        return next;
      }),
    [],
  );
  return {
    isOn: selected !== null,
    selected: selected ?? NONE,
    start: () => setSelected(NONE),
    stop: () => setSelected(null),
    toggle,
    set: (keys: readonly string[]) => setSelected(new Set(keys)),
  };
}

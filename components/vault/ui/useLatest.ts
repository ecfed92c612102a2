"use client";

import { type RefObject, useLayoutEffect, useRef } from "react";

/**
 * What the last render was given, for effects and handlers that are older than that render. It's read after rendering, never
 * during it. (`useEffectEvent` is the same, but React has it only since 19.2.)
 */
export function useLatest<Value>(value: Value): RefObject<Value> {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });
  return latest;
}

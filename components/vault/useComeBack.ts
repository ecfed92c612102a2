import { useEffect } from "react";

/**
 * Does something whenever the window is come back to.
 *
 * @param work may be called twice in a row; as long as it is the same function, nothing is set up anew
 */
export function useComeBack(work: () => unknown): void {
  useEffect(() => {
    const comeBack = () => document.visibilityState === "visible" && void work();
    window.addEventListener("focus", comeBack);
    document.addEventListener("visibilitychange", comeBack);
    return () => {
      window.removeEventListener("focus", comeBack);
      document.removeEventListener("visibilitychange", comeBack);
    };
  }, [work]);
}

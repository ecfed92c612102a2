import { type RefObject, useEffect, useState } from "react";

/** Whether a box's first child is larger than the box, so that it scrolls. */
export function useOverflow(ref: RefObject<HTMLElement | null>, side: "width" | "height"): boolean {
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    const observer = new ResizeObserver(() => {
      setOverflows(
        side === "width" ? box.scrollWidth > box.clientWidth : box.scrollHeight > box.clientHeight,
      );
    });
    observer.observe(box);
    if (box.firstElementChild) observer.observe(box.firstElementChild);
    return () => observer.disconnect();
  }, [ref, side]);
  return overflows;
}

import { ArrowDown } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "@/components/vault/ui/button";
import { ANSWER_BOX } from "./box";
import { useOverflow } from "./useOverflow";

/** How far from the end still counts as there, in CSS pixels: zoomed pages have fractions of them. */
const NEAR = 8;

/**
 * A box that scrolls within itself. As long as its content grows it stays at the end, until somebody scrolls up or
 * selects something; back at the end, it follows again.
 */
export function FollowedScroll({
  label,
  isGrowing,
  children,
}: {
  label: string;
  isGrowing: boolean;
  children: ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  const scrolls = useOverflow(box, "height");
  const isFollowing = useRef(isGrowing);
  const lastTop = useRef(0);
  const [isBehind, setIsBehind] = useState(false);

  useEffect(() => {
    const content = box.current?.firstElementChild;
    if (!content) return;
    const observer = new ResizeObserver(() => {
      const element = box.current;
      if (!element) return;
      if (isFollowing.current && !hasSelection(element)) element.scrollTop = element.scrollHeight;
      setIsBehind(!isAtEnd(element));
    });
    observer.observe(content);
    return () => observer.disconnect();
  }, []);

  function noteScroll(element: HTMLElement) {
    // Growing leaves the position; only a person goes up.
    if (isAtEnd(element)) isFollowing.current = true;
    else if (element.scrollTop < lastTop.current) isFollowing.current = false;
    lastTop.current = element.scrollTop;
    if (isAtEnd(element)) setIsBehind(false);
  }

  function jump() {
    const element = box.current;
    if (!element) return;
    isFollowing.current = true;
    element.scrollTop = element.scrollHeight;
    // The button goes, and leaves the focus where the keyboard scrolls.
    element.focus({ preventScroll: true });
  }

  return (
    <div className="relative min-w-0 rounded-md border bg-background">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset groups fields */}
      <div
        ref={box}
        role="group"
        aria-label={label}
        tabIndex={scrolls ? 0 : undefined}
        onScroll={(event) => noteScroll(event.currentTarget)}
        className={ANSWER_BOX}
      >
        <div className="p-4">{children}</div>
      </div>
      {isGrowing && isBehind && (
        <div aria-live="off" className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
          <Button variant="outline" size="sm" onClick={jump} className="pointer-events-auto shadow-md">
            <ArrowDown aria-hidden />
            Jump to the end
          </Button>
        </div>
      )}
    </div>
  );
}

const isAtEnd = ({ scrollHeight, scrollTop, clientHeight }: HTMLElement) =>
  scrollHeight - scrollTop - clientHeight <= NEAR;

function hasSelection(element: HTMLElement): boolean {
  const selection = getSelection();
  return Boolean(selection && !selection.isCollapsed && element.contains(selection.anchorNode));
}

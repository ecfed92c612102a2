"use client";

import { Copy, EyeOff } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Button } from "@/components/vault/ui/button";
import { cn } from "@/components/vault/ui/cn";
import { FOCUS_RING } from "@/components/vault/ui/focus";

/** A value that is on the screen, and when it goes, in milliseconds since 1970. */
export interface ShownValue {
  value: string;
  hidesAt: number;
}

interface RevealedValueProps {
  name: string;
  shown: ShownValue;
  onCopy: () => void;
  onHide: () => void;
}

/** Where there is little room, the words are enough. */
const TEXT_FIRST = "px-2 [&>svg]:hidden [@container(width>=28rem)]:[&>svg]:block";

/** A value below its row, all of it, with the seconds that are left. */
export function RevealedValue({ name, shown: { value, hidesAt }, onCopy, onHide }: RevealedValueProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    const row = element?.closest("li");
    return () => {
      // A focus that is inside goes to the row, and not to the top of the page.
      if (element?.contains(document.activeElement)) {
        row?.querySelector<HTMLElement>("[data-action=menu]")?.focus({ preventScroll: true });
      }
    };
  }, []);
  return (
    <div ref={box} className="mt-1 rounded-md bg-muted p-1">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset groups form controls, and this holds text */}
      <div
        className={cn(
          "max-h-[60vh] overflow-auto rounded-sm px-2 py-1.5 font-mono text-xs leading-5 break-all whitespace-pre-wrap",
          FOCUS_RING,
        )}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long value is scrolled with the keyboard
        tabIndex={0}
        role="group"
        aria-label={`The value of ${name}`}
      >
        {value}
      </div>
      <div className="flex items-center gap-1">
        <Countdown key={hidesAt} until={hidesAt} />
        <Button
          variant="ghost"
          size="sm"
          className={`ml-auto ${TEXT_FIRST}`}
          aria-label={`Copy the shown value of ${name}`}
          onClick={onCopy}
        >
          <Copy aria-hidden />
          Copy
        </Button>
        <Button
          variant="ghost"
          size="sm"
          className={TEXT_FIRST}
          aria-label={`Hide the value of ${name}`}
          onClick={onHide}
        >
          <EyeOff aria-hidden />
          Hide
        </Button>
      </div>
    </div>
  );
}

const secondsUntil = (moment: number) => Math.max(0, Math.ceil((moment - Date.now()) / 1000));

/** Counts for the eyes alone: how long a value is shown was said when it appeared. */
function Countdown({ until }: { until: number }) {
  const [left, setLeft] = useState(() => secondsUntil(until));
  useEffect(() => {
    const timer = setInterval(() => setLeft(secondsUntil(until)), 1000);
    return () => clearInterval(timer);
  }, [until]);
  return (
    <span role="timer" aria-live="off" className="px-2 text-xs whitespace-nowrap tabular-nums">
      Hides in {left} s
    </span>
  );
}

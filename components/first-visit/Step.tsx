import { CircleCheck } from "lucide-react";

interface StepProps {
  number: number;
  text: string;
  /** Where it is done. */
  href: string;
  /** What gets the focus there, on this page; undefined for another page. */
  focus?: string | undefined;
  isDone: boolean;
}

/** One of the first steps: a link until it is done. A plain one, which works before scripts have loaded. */
export function Step({ number, text, href, focus, isDone }: StepProps) {
  return (
    <li className="flex items-center gap-2">
      {isDone ? (
        <CircleCheck aria-hidden className="size-5 shrink-0 text-success-foreground" />
      ) : (
        <span
          aria-hidden
          className="flex size-5 shrink-0 items-center justify-center rounded-full border border-input text-xs"
        >
          {number}
        </span>
      )}
      {isDone ? (
        <span className="py-0.5 text-muted-foreground">
          <span className="sr-only">Done: </span>
          {text}
        </span>
      ) : (
        <a
          href={href}
          onClick={focus === undefined ? undefined : () => setTimeout(focusFirst, 0, focus)}
          className="rounded-sm py-0.5 underline decoration-input underline-offset-4 focus-visible:outline-hidden hover:decoration-current focus-visible:ring-[3px] focus-visible:ring-ring/60"
        >
          {text}
        </a>
      )}
    </li>
  );
}

/** Once the address has changed, a small window shows the panel that it is in. */
function focusFirst(selector: string): void {
  const found = [...document.querySelectorAll<HTMLElement>(selector)];
  found.find((element) => element.checkVisibility())?.focus();
}

import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "@/components/vault/ui/button";
import { useRovingFocus } from "@/components/vault/ui/useRovingFocus";
import { firstVisitCookie } from "@/lib/first-visit";
import { Step } from "./Step";

const ONE_YEAR_SECONDS = 31_536_000;

interface FirstVisitProps {
  /** The person who is signed in, by their UUID. */
  userId: string;
  /** Whether the platform's key may pay for their runs. */
  platformPays: boolean;
  hasKey: boolean;
  hasAnswer: boolean;
  hasTeam: boolean;
}

/**
 * What a newcomer does first, until all of it is done or they hide it. Done on this page, a step gets its check mark;
 * after the last one the steps stay until the next visit, so that nothing moves under what the person reads.
 */
export function FirstVisit({ userId, platformPays, hasKey, hasAnswer, hasTeam }: FirstVisitProps) {
  const steps = [
    {
      text: platformPays ? "Add a key, or use the platform's" : "Add a key",
      href: "#vault",
      focus: "#vault [data-slot='card-action'] button:last-child",
      isDone: hasKey || hasAnswer,
    },
    { text: "Run your first prompt", href: "#reveal", focus: "#reveal textarea", isDone: hasAnswer },
    { text: "Invite your team", href: "/team/new", isDone: hasTeam },
  ];
  const areDone = steps.every(({ isDone }) => isDone);
  const [isHidden, setIsHidden] = useState(areDone);
  const roving = useRovingFocus();
  useEffect(() => {
    if (areDone || isHidden) remember(userId);
  }, [areDone, isHidden, userId]);
  if (isHidden) return null;

  function hide() {
    setIsHidden(true);
    // The button that had the focus is gone, and the panels come next.
    document.querySelector<HTMLElement>("main h1")?.focus();
  }

  return (
    <section
      aria-label="First steps"
      className="flex items-start gap-2 rounded-xl border bg-card px-3 py-2 text-sm sm:items-center sm:gap-4 sm:px-5 lg:col-span-2"
    >
      {roving.hint}
      <ol
        {...roving.props}
        className="flex min-w-0 flex-1 flex-col gap-x-4 gap-y-1 sm:flex-row sm:flex-wrap lg:grid lg:grid-cols-3"
      >
        {steps.map((step, index) => (
          <Step key={step.href} number={index + 1} {...step} />
        ))}
      </ol>
      <Button variant="ghost" size="sm" className="max-sm:size-7 max-sm:px-0 sm:-mr-2" onClick={hide}>
        <X aria-hidden className="sm:hidden" />
        <span className="max-sm:sr-only">Hide</span>
        <span className="sr-only"> the first steps</span>
      </Button>
    </section>
  );
}

function remember(userId: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
  document.cookie = `${firstVisitCookie(userId)}=done; path=/dashboard; max-age=${ONE_YEAR_SECONDS}; samesite=lax`;
}

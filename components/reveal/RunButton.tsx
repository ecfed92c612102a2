import { LoaderCircle, type LucideIcon } from "lucide-react";
import type { MouseEvent } from "react";
import { useIsAlive } from "@/components/shared/useIsAlive";
import { Button } from "@/components/vault/ui/button";

interface RunButtonProps {
  label: string;
  icon: LucideIcon;
  isRunning: boolean;
  onStop: () => void;
}

/** Submits the form and, while that runs, stops it. One button for both, so that the focus stays on it. */
export function RunButton({ label, icon: Icon, isRunning, onStop }: RunButtonProps) {
  function stop(event: MouseEvent) {
    // By the time the browser acts on the click, this may be the submit button again.
    event.preventDefault();
    // The second click of a double click was meant for the first one's button.
    if (event.detail <= 1) onStop();
  }

  return (
    <Button
      type="submit"
      variant={isRunning ? "outline" : "default"}
      className="w-fit"
      disabled={!useIsAlive()}
      onClick={isRunning ? stop : undefined}
    >
      {isRunning ? (
        <LoaderCircle aria-hidden className="animate-spin motion-reduce:animate-none" />
      ) : (
        <Icon aria-hidden />
      )}
      {isRunning ? "Stop" : label}
    </Button>
  );
}

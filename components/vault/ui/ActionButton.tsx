import { LoaderCircle, type LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";
import { Button } from "@/components/vault/ui/button";

type ActionButtonProps = ComponentProps<typeof Button> & {
  icon: LucideIcon;
  /** What it does, for those who point at it. */
  title: string;
  /** What it does to what, for screen readers. */
  label: string;
  /** Whether it is under way. */
  busy: boolean;
};

/** A row's button: an icon, which turns while it works. */
export function ActionButton({ icon: Icon, label, busy, ...props }: ActionButtonProps) {
  return (
    <Button variant="ghost" size="icon" aria-label={label} aria-busy={busy || undefined} {...props}>
      {busy ? (
        <LoaderCircle aria-hidden className="animate-spin motion-reduce:animate-none" />
      ) : (
        <Icon aria-hidden />
      )}
    </Button>
  );
}

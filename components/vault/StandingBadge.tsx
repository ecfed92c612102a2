import { Badge } from "@/components/vault/ui/badge";
import type { Standing } from "./standing";

/** Where a key stands, with the whole thought on hover and for screen readers. */
export function StandingBadge({ standing, isFailing = false }: { standing: Standing; isFailing?: boolean }) {
  const inUse = isFailing ? "warning" : "success";
  return (
    <Badge
      variant={standing.label === "In use" ? inUse : "secondary"}
      className="py-0"
      title={standing.detail}
    >
      {standing.label}
      <span className="sr-only">: {standing.detail}</span>
    </Badge>
  );
}

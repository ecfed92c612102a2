import { PANELS, type Panel } from "@/lib/panel";

const NAMES: Record<Panel, string> = { vault: "Vault", reveal: "Reveal", webhooks: "Webhooks" };

interface PanelLinksProps {
  present: readonly Panel[];
  current: Panel;
  /** What happened out of sight, in words, by where. */
  news: Partial<Record<Panel, string>>;
}

/** Leads from panel to panel in a window that shows one at a time. Plain links: they work before scripts have loaded. */
export function PanelLinks({ present, current, news }: PanelLinksProps) {
  return (
    <nav
      aria-label="Panels"
      className="panel-links sticky top-0 z-10 -mx-4 -mt-5 border-b bg-background px-4 py-2 sm:-mx-6 sm:px-6 lg:hidden"
    >
      <div className="grid auto-cols-fr grid-flow-col rounded-lg bg-muted p-[3px]">
        {PANELS.filter((panel) => present.includes(panel)).map((panel) => (
          <a
            key={panel}
            href={`#${panel}`}
            aria-current={panel === current ? "true" : undefined}
            className="flex h-9 items-center justify-center rounded-md border border-transparent px-1 text-sm font-medium text-muted-foreground focus-visible:outline-hidden transition-colors hover:text-foreground focus-visible:ring-[3px] focus-visible:ring-ring/60 aria-[current]:border-border aria-[current]:bg-background aria-[current]:text-foreground aria-[current]:shadow-xs"
          >
            {NAMES[panel]}
            {news[panel] && (
              <>
                <span
                  aria-hidden
                  className="ml-1.5 size-2 shrink-0 rounded-full bg-warning-foreground forced-colors:bg-[CanvasText]"
                />
                <span className="sr-only">({news[panel]})</span>
              </>
            )}
          </a>
        ))}
      </div>
      <p role="status" className="sr-only">
        {news.reveal && `Reveal: ${news.reveal}.`}
      </p>
    </nav>
  );
}

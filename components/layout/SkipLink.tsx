"use client";

import type { MouseEvent, ReactNode } from "react";

interface SkipLinkProps {
  /** The id of what it leads to. */
  to: string;
  /** A selector of what in it gets the focus; left out for itself. */
  field?: string;
  children: ReactNode;
}

/** Leads past what comes first on a page. Seen when it has the focus; before scripts have loaded, a plain link. */
export function SkipLink({ to, field, children }: SkipLinkProps) {
  function skip(event: MouseEvent) {
    const target = document.getElementById(to);
    if (!target) return;
    // The address stays: it says which panel a small window shows.
    event.preventDefault();
    if (!target.checkVisibility()) window.location.hash = to;
    const fields = field ? [...target.querySelectorAll<HTMLElement>(field)] : [];
    (fields.find((each) => each.checkVisibility()) ?? target).focus();
  }

  return (
    <a
      href={`#${to}`}
      onClick={skip}
      className="sr-only rounded-md bg-primary px-4 py-2 text-sm font-medium text-primary-foreground focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:px-4 focus:py-2 focus-visible:outline-hidden focus-visible:ring-[3px] focus-visible:ring-ring/60"
    >
      {children}
    </a>
  );
}

import { ExternalLink } from "lucide-react";

/** Leads to where the provider gives out a key. */
export function ProviderLink({ href }: { href: string }) {
  return (
    <a
      className="-mt-2 inline-flex w-fit items-center gap-1 text-sm underline underline-offset-4"
      href={href}
      target="_blank"
      rel="noreferrer"
    >
      Get one from the provider
      <ExternalLink aria-hidden className="size-3.5" />
      <span className="sr-only">(opens in a new tab)</span>
    </a>
  );
}

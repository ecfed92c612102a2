import type { ReactNode } from "react";
import { names, targetOf } from "./links";

interface AnswerLinkProps {
  /** As the model wrote it. */
  address: unknown;
  /** What its children say. */
  text: string;
  children: ReactNode;
}

/** A link of a model's, which says where it leads to; only its text where it must not lead there. */
export function AnswerLink({ address, text, children }: AnswerLinkProps) {
  const target = targetOf(String(address ?? ""));
  if (!target) return children;
  return (
    <a
      href={target.href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="underline underline-offset-4 hover:decoration-2"
    >
      {children}
      {!names(text, target) && (
        <span className="text-muted-foreground">
          {" "}
          (<bdi dir="ltr">{target.place}</bdi>)
        </span>
      )}
    </a>
  );
}

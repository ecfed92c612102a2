import { Fragment } from "react";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import type { CaughtMail } from "@/lib/mail/mailbox";

interface MailListProps {
  /** Newest first. */
  mails: readonly CaughtMail[];
  /** Scheme, host and port of the app's pages. */
  origin: string;
}

/** Mails as plain text, with links to the app's own pages only. */
export function MailList({ mails, origin }: MailListProps) {
  if (mails.length === 0) {
    return (
      <p className="rounded-lg border border-dashed px-4 py-8 text-center text-sm text-muted-foreground">
        No mail yet. Request a password reset, for example, then come back.
      </p>
    );
  }
  return (
    <ul className="flex flex-col gap-4">
      {mails.map((mail) => (
        // No two have the same text: each has a link of its own.
        <li key={mail.at + mail.text}>
          <Card>
            <CardHeader>
              <CardTitle className="[overflow-wrap:anywhere]">{mail.subject}</CardTitle>
              <CardDescription className="[overflow-wrap:anywhere]">
                To {mail.to}, <RelativeTime iso={mail.at} />
              </CardDescription>
            </CardHeader>
            <CardContent className="text-sm whitespace-pre-line [overflow-wrap:anywhere]">
              {partsOf(mail.text, origin).map(({ at, text, isLink }) =>
                isLink ? (
                  <a key={`${at} ${isLink}`} className="underline underline-offset-4" href={text}>
                    {text}
                  </a>
                ) : (
                  <Fragment key={`${at} ${isLink}`}>{text}</Fragment>
                ),
              )}
            </CardContent>
          </Card>
        </li>
      ))}
    </ul>
  );
}

/** The text, cut where its links to the app begin and end. */
function partsOf(text: string, origin: string): { at: number; text: string; isLink: boolean }[] {
  let at = 0;
  return text.split(/(https?:\/\/[^\s<>"]+)/).map((part) => {
    const begin = at;
    at += part.length;
    return { at: begin, text: part, isLink: URL.canParse(part) && new URL(part).origin === origin };
  });
}

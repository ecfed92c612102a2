import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { NarrowPage } from "@/components/layout/NarrowPage";
import { Button } from "@/components/vault/ui/button";
import { CardContent, CardDescription, CardHeader } from "@/components/vault/ui/card";
import { LINKS, readLink } from "@/lib/auth/links";
import { noticeHref } from "@/lib/auth/notices";

type Search = { searchParams: Promise<Record<string, string>> };

export async function generateMetadata({ searchParams }: Search): Promise<Metadata> {
  const link = readLink(await searchParams);
  return { title: link ? LINKS[link.type].title : "Link" };
}

/** A link from an e-mail, and the button that uses it up. To open the page changes nothing. */
export default async function LinkPage({ searchParams }: Search) {
  const link = readLink(await searchParams);
  if (!link) redirect(noticeHref("invalid"));
  const { title, sentence, button } = LINKS[link.type];
  return (
    <NarrowPage>
      <CardHeader>
        <h1 className="text-lg font-semibold leading-tight">{title}</h1>
        <CardDescription>{sentence}</CardDescription>
      </CardHeader>
      <CardContent>
        <form method="post" action="/api/auth/links" className="flex flex-col gap-4">
          <input type="hidden" name="token_hash" value={link.tokenHash} />
          <input type="hidden" name="type" value={link.type} />
          <Button type="submit">{button}</Button>
          <p className="text-sm text-muted-foreground">
            If you didn't request this link, close this page. Nothing will change.
          </p>
        </form>
      </CardContent>
    </NarrowPage>
  );
}

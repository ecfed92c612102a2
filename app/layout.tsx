import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { LateToaster } from "@/components/layout/LateToaster";
import { SkipLink } from "@/components/layout/SkipLink";
import { isTheme, THEME_COOKIE } from "@/lib/theme";
import "./globals.css";
import { FragmentNotice } from "./login/FragmentNotice";

export const metadata: Metadata = {
  title: { default: "Command Center", template: "%s — Command Center" },
  description:
    "Bring your own API keys: stored encrypted, yours to reveal, and never billed to someone else.",
  robots: { index: false, follow: false },
};

export const viewport: Viewport = { colorScheme: "light dark" };

/** The document. Every page is rendered for its request, because the CSP's nonce is made for each. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const chosen = (await cookies()).get(THEME_COOKIE)?.value;
  return (
    <html lang="en" data-theme={isTheme(chosen) ? chosen : undefined}>
      <body>
        <SkipLink to="content">Skip to content</SkipLink>
        {children}
        <FragmentNotice />
        <LateToaster />
      </body>
    </html>
  );
}

import type { NextConfig } from "next";

// A page's Content-Security-Policy carries a nonce for each request, so proxy.ts sets it.
const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  // Not no-referrer: with that, browsers send forms with `Origin: null`.
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "X-Frame-Options", value: "DENY" },
  // No page of another origin shares a window group with ours, or loads what we serve.
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), payment=(), usb=()" },
];

// Pages take no body: forms and calls go to /api. Next would look for a server action in it, keep up to 10 MB of it in
// memory, and log what a stranger sends. The same three stand in proxy.ts, which Next reads before it runs any code.
const bodies = [
  { type: "header" as const, key: "content-length", value: "0*[1-9]\\d*" },
  { type: "header" as const, key: "transfer-encoding" },
  { type: "header" as const, key: "content-type", value: "multipart/.*" },
];

const isDevelopment = process.env.NODE_ENV === "development";

const nextConfig: NextConfig = {
  poweredByHeader: false,
  agentRules: false,
  // In development, Node loads these as they are: compiling them is a good part of the work for the first page.
  ...(isDevelopment && {
    serverExternalPackages: ["@supabase/ssr", "@supabase/supabase-js", "nodemailer", "zod"],
  }),
  // For bench/first-load.ts only: source maps would hand our sources to every visitor.
  productionBrowserSourceMaps: process.env.BROWSER_SOURCE_MAPS === "on",
  allowedDevOrigins: ["127.0.0.1"],
  // No page has a picture to be made smaller, so that the address which does so is gone.
  images: { unoptimized: true },
  rewrites: async () => ({
    beforeFiles: bodies.map((header) => ({
      source: "/((?!api/).*)",
      has: [header],
      destination: "/api/page-body",
    })),
  }),
  headers: async () => [
    { source: "/:path*", headers: securityHeaders },
    {
      // Two years, as browsers' preload lists ask for. Without subdomains: those may be somebody else's matter.
      source: "/:path*",
      has: [{ type: "header", key: "x-forwarded-proto", value: "https" }],
      headers: [{ key: "Strict-Transport-Security", value: "max-age=63072000" }],
    },
    {
      source: "/api/:path*",
      headers: [{ key: "Content-Security-Policy", value: "default-src 'none'; frame-ancestors 'none'" }],
    },
  ],
};

export default nextConfig;

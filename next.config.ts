import type { NextConfig } from "next";

// A page's Content-Security-Policy carries a nonce for each request, so proxy.ts sets it.
const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "no-referrer" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), payment=(), usb=()" },
];

const nextConfig: NextConfig = {
  poweredByHeader: false,
  agentRules: false,
  // For bench/first-load.ts only: source maps would hand our sources to every visitor.
  productionBrowserSourceMaps: process.env.BROWSER_SOURCE_MAPS === "on",
  // Arguments of server functions include passwords; development would print them.
  logging: { serverFunctions: false },
  allowedDevOrigins: ["127.0.0.1"],
  headers: async () => [
    { source: "/:path*", headers: securityHeaders },
    {
      source: "/api/:path*",
      headers: [{ key: "Content-Security-Policy", value: "default-src 'none'; frame-ancestors 'none'" }],
    },
  ],
};

export default nextConfig;

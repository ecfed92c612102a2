import type { NextConfig } from "next";

const nextConfig: NextConfig = {
  // Nothing is looked for in the folders above this one.
  turbopack: { root: import.meta.dirname },
  cacheComponents: true,
  partialPrefetching: true,
};

export default nextConfig;

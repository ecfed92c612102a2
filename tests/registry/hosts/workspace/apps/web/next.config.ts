import type { NextConfig } from "next";

const nextConfig: NextConfig = {
  // Nothing is looked for in the folders above this one.
  turbopack: { root: import.meta.dirname },
  // Each build here is the first.
  experimental: { turbopackFileSystemCacheForBuild: false },
  cacheComponents: true,
  partialPrefetching: true,
};

export default nextConfig;

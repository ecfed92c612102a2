import type { NextConfig } from "next";

const nextConfig: NextConfig = {
  // Nothing is looked for in the folders above this one.
  outputFileTracingRoot: import.meta.dirname,
};

export default nextConfig;

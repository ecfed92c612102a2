import { type StandIn, type StandInOptions, startAnthropicStandIn } from "./anthropic-standin.ts";

/** A stand-in, and the settings with which `lib/reveal` in this process asks it. There is no database. */
export async function startProvider(options?: StandInOptions): Promise<StandIn> {
  const provider = await startAnthropicStandIn(options);
  Object.assign(process.env, {
    NEXT_PUBLIC_SUPABASE_URL: "http://127.0.0.1:9",
    NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: "publishable",
    SUPABASE_SECRET_KEY: "secret",
    ANTHROPIC_BASE_URL: provider.url,
  });
  return provider;
}

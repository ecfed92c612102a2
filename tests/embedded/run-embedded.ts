// Starts an embedded Supabase with the options (JSON) of the first argument, prints its address, and runs
// until it is killed.
import { startEmbedded } from "../../scripts/embedded/server.ts";

const { url } = await startEmbedded(JSON.parse(process.argv[2] ?? "{}"));
console.log(url);

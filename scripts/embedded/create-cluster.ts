// Has PostgreSQL make the files of a new database in the empty folder of the first argument, and ends. A process of its
// own: see initialise.ts.
import "./telemetry-off.ts";
import { PGlite } from "@supabase/lite/pglite";

const database = await PGlite.create(process.argv[2] ?? "");
await database.close();

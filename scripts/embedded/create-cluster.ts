// Has PostgreSQL make the files of a new database in the empty folder of the first argument, and ends. A process of its
// own: see initialise.ts.
import { createRequire } from "node:module";
import { smallBuffers } from "./small-buffers.ts";

// Lite's own, which is another version than the tests', and without the rest of Lite, which takes longer to load.
const { PGlite } = createRequire(import.meta.resolve("@supabase/lite/pglite"))("@electric-sql/pglite");
try {
  const database = await PGlite.create(process.argv[2] ?? "", smallBuffers(PGlite.defaultStartParams));
  await database.close();
} catch (error) {
  console.error(error);
  process.exit(1);
}

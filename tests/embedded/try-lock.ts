// Tries to lock the folder of the first argument once, says how that went, and stays until it is killed.
import { lockFolder } from "../../scripts/embedded/lock.ts";

try {
  lockFolder(process.argv[2] ?? "");
  console.log("locked");
} catch {
  console.log("refused");
}
setInterval(() => {}, 1_000);

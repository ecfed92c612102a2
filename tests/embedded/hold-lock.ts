// Locks the folder of the first argument until it is killed.
import { lockFolder } from "../../scripts/embedded/lock.ts";

lockFolder(process.argv[2] ?? "");
console.log("locked");
setInterval(() => {}, 1_000);

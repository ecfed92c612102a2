import { newMasterKey } from "./embedded/env-file.ts";

console.error("A new master key. Put it in the environment as VAULT_MASTER_KEY, and keep a copy elsewhere:");
console.log(newMasterKey());

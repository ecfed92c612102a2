import { newMasterKey } from "./embedded/env-file.ts";

console.error(
  "A new master key. Set it as VAULT_MASTER_KEY in the environment, and keep a copy in a safe place:",
);
console.log(newMasterKey());

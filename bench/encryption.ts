import "./support/next-modules.ts";
import { TEST_MASTER_KEY } from "../tests/support/keys.ts";
import { type Cipher, limit, peers } from "./support/ciphers.ts";
import { interleave, median, ratio, type Series, spread } from "./support/measure.ts";
import { number, type Table, times } from "./support/table.ts";

// encrypt and decrypt beside the plain limit and what else one could use; then the vault's seal, which also binds a
// value to its row.

const VALUE = "sk-ant-test-not-real-".padEnd(108, "x");
const ROUNDS = 150;
/** Of one turn. */
const MILLISECONDS = 40;
/** How many ciphertexts take turns, and how often the clock is looked at. */
const BATCH = 32;

/** Every one of them draws an IV for each call, which takes half of the time of an encryption. */
const BOUNDS = { encrypt: 0.95, decrypt: 0.85, sealed: 0.7, peers: { encrypt: 2, decrypt: 3.5 } };
const DIRECTIONS = ["encrypt", "decrypt"] as const;
type Direction = (typeof DIRECTIONS)[number];

interface Work {
  cipher: Cipher;
  direction: Direction;
  ciphertexts: string[];
}

async function vault(): Promise<Cipher[]> {
  process.env.VAULT_MASTER_KEY = TEST_MASTER_KEY;
  const { decrypt, encrypt }: typeof import("../lib/vault/crypto.ts") = await import(
    "../lib/vault/crypto.ts"
  );
  const { open, seal }: typeof import("../lib/vault/seal.ts") = await import("../lib/vault/seal.ts");
  const owner = { type: "user", id: "0a000000-0000-4000-8000-000000000001" } as const;
  const key = "ANTHROPIC_API_KEY";
  const algorithm = "AES-256-GCM";
  return [
    { name: "encrypt, decrypt", algorithm, isAuthenticatedAes: true, encrypt, decrypt },
    {
      name: "seal, open (bound to the row)",
      algorithm,
      isAuthenticatedAes: true,
      encrypt: (value) => seal(owner, key, value),
      decrypt: (sealed) => open(owner, key, sealed),
    },
  ];
}

/** @returns how many a second */
async function turn({ cipher, direction, ciphertexts }: Work): Promise<number> {
  const from = performance.now();
  let done = 0;
  let elapsed = 0;
  while (elapsed < MILLISECONDS) {
    for (const ciphertext of ciphertexts) {
      // Only what is a promise is waited for: nobody awaits a function that has none.
      const result = direction === "encrypt" ? cipher.encrypt(VALUE) : cipher.decrypt(ciphertext);
      if (typeof result !== "string") await result;
    }
    done += ciphertexts.length;
    elapsed = performance.now() - from;
  }
  return (1000 * done) / elapsed;
}

async function workOf(cipher: Cipher): Promise<Work[]> {
  const ciphertexts: string[] = [];
  while (ciphertexts.length < BATCH) ciphertexts.push(await cipher.encrypt(VALUE));
  for (const ciphertext of ciphertexts) {
    if ((await cipher.decrypt(ciphertext)) !== VALUE)
      throw new Error(`${cipher.name} does not give it back.`);
  }
  if (new Set(ciphertexts).size < BATCH) throw new Error(`${cipher.name} gives the same ciphertext twice.`);
  return DIRECTIONS.map((direction) => ({ cipher, direction, ciphertexts }));
}

export async function run(): Promise<Table[]> {
  const [plain, bound] = await vault();
  if (!plain || !bound) throw new Error("Nothing to measure.");
  const others = await peers();
  const ciphers = [limit, plain, bound, ...others];
  const works = (await Promise.all(ciphers.map(workOf))).flat();
  const measured = await interleave(works, { rounds: ROUNDS, warmUp: 5 }, turn);

  const series = (cipher: Cipher, direction: Direction): Series => {
    const work = works.find((one) => one.cipher === cipher && one.direction === direction);
    return (work && measured.get(work)) ?? [];
  };
  const ofLimit = (cipher: Cipher) =>
    DIRECTIONS.map((direction) => ratio(series(cipher, direction), series(limit, direction)));

  const [encrypting = 0, decrypting = 0] = ofLimit(plain);
  return [
    {
      title: "Encryption",
      text:
        `A value of ${VALUE.length} bytes, operations per second in one thread: medians of ${ROUNDS} turns of ${MILLISECONDS} ms ` +
        "each. × is relative to the plain limit: `createCipheriv` with a kept `KeyObject`, `randomBytes(12)` for each call, " +
        "base64url. _As_ a product means its algorithm, rewritten from its source.",
      columns: ["", "algorithm", "encrypt /s", "spread", "×", "decrypt /s", "spread", "×"],
      rows: ciphers.map((cipher) => [
        cipher === plain || cipher === bound ? `**${cipher.name}**` : cipher.name,
        cipher.algorithm,
        ...DIRECTIONS.flatMap((direction) => [
          number(median(series(cipher, direction))),
          `±${spread(series(cipher, direction)).toFixed(0)} %`,
          times(ratio(series(cipher, direction), series(limit, direction))),
        ]),
      ]),
      bounds: [
        { what: "encrypt, × the limit", value: encrypting, at: "least", limit: BOUNDS.encrypt },
        { what: "decrypt, × the limit", value: decrypting, at: "least", limit: BOUNDS.decrypt },
        {
          what: "seal and open, × the limit",
          value: Math.min(...ofLimit(bound)),
          at: "least",
          limit: BOUNDS.sealed,
        },
        ...DIRECTIONS.map((direction) => ({
          what: `${direction}, × the fastest other authenticated AES`,
          value: Math.min(
            ...others
              .filter((cipher) => cipher.isAuthenticatedAes)
              .map((cipher) => ratio(series(plain, direction), series(cipher, direction))),
          ),
          at: "least" as const,
          limit: BOUNDS.peers[direction],
        })),
      ],
    },
  ];
}

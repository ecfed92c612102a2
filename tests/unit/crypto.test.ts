import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { OTHER_MASTER_KEY, TEST_MASTER_KEY } from "../support/keys.ts";

type Crypto = typeof import("../../lib/vault/crypto.ts");

/** The module as a fresh process would have it: it reads the master key once. */
async function load(masterKey: string | undefined): Promise<Crypto> {
  vi.resetModules();
  vi.stubEnv("VAULT_MASTER_KEY", masterKey);
  return import("../../lib/vault/crypto.ts");
}

const bytesOf = (ciphertext: string) => Buffer.from(ciphertext.slice("v1.".length), "base64url");
const textOf = (bytes: Uint8Array) => `v1.${Buffer.from(bytes).toString("base64url")}`;
const OPAQUE = "The ciphertext cannot be decrypted.";

let crypto: Crypto;
beforeEach(async () => {
  crypto = await load(TEST_MASTER_KEY);
});

// The tests of this one file, all of them: `npm run test:swap` leaves them out, as the file is another one there.

it("stays below 80 lines, to be read whole by whoever is asked to trust it", () => {
  expect(readFileSync("lib/vault/crypto.ts", "utf8").trimEnd().split("\n").length).toBeLessThan(80);
});

describe("encrypt and decrypt", () => {
  it("are all that the module exports", () => {
    expect(Object.keys(crypto).sort()).toEqual(["decrypt", "encrypt"]);
  });

  it("decryption inverts encryption for any well-formed text", async () => {
    const anyText = fc.string({ unit: "binary", maxLength: 2000 }).filter((text) => text.isWellFormed());
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        expect(await crypto.decrypt(await crypto.encrypt(text))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it("keeps 8 KiB of four-byte characters", async () => {
    const text = "🔑".repeat(2048);
    expect(await crypto.decrypt(await crypto.encrypt(text))).toBe(text);
  });

  it("encrypts the same text differently each time", async () => {
    const ivs = new Set<string>();
    for (let i = 0; i < 1000; i += 1) {
      ivs.add(
        bytesOf(await crypto.encrypt("same"))
          .subarray(0, 12)
          .toString("hex"),
      );
    }
    expect(ivs.size).toBe(1000);
  });

  it("writes v1. and unpadded base64url of a 12-byte IV, the ciphertext and a 16-byte tag", async () => {
    const ciphertext = await crypto.encrypt("sk-ant-test-not-real");
    expect(ciphertext).toMatch(/^v1\.[A-Za-z0-9_-]+$/);
    expect(bytesOf(ciphertext).length).toBe(12 + "sk-ant-test-not-real".length + 16);
  });

  it("refuses text with a lone surrogate instead of changing it", async () => {
    await expect(crypto.encrypt("a\ud800b")).rejects.toThrow(TypeError);
  });

  it("can be decrypted by WebCrypto, which shares no code with it", async () => {
    const bytes = bytesOf(await crypto.encrypt("checked elsewhere ✓"));
    const key = await globalThis.crypto.subtle.importKey(
      "raw",
      Buffer.from(TEST_MASTER_KEY, "hex"),
      "AES-GCM",
      false,
      ["decrypt"],
    );
    const algorithm = { name: "AES-GCM", iv: bytes.subarray(0, 12), tagLength: 128 };
    const plain = await globalThis.crypto.subtle.decrypt(algorithm, key, bytes.subarray(12));
    expect(new TextDecoder().decode(plain)).toBe("checked elsewhere ✓");
  });

  it("decrypts what WebCrypto encrypted", async () => {
    const iv = globalThis.crypto.getRandomValues(new Uint8Array(12));
    const raw = Buffer.from(TEST_MASTER_KEY, "hex");
    const key = await globalThis.crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
    const body = await globalThis.crypto.subtle.encrypt(
      { name: "AES-GCM", iv },
      key,
      new TextEncoder().encode("made elsewhere"),
    );
    expect(await crypto.decrypt(textOf(Buffer.concat([iv, new Uint8Array(body)])))).toBe("made elsewhere");
  });
});

describe("decrypt refuses, always with the same error", () => {
  it("every single flipped bit", async () => {
    const bytes = bytesOf(await crypto.encrypt("flip me"));
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expect(crypto.decrypt(textOf(flipped)), `bit ${bit}`).rejects.toThrow(OPAQUE);
    }
  });

  it("every truncation, from both ends, as bytes and as text", async () => {
    const ciphertext = await crypto.encrypt("cut me");
    const bytes = bytesOf(ciphertext);
    for (let length = 0; length < bytes.length; length += 1) {
      await expect(crypto.decrypt(textOf(bytes.subarray(0, length)))).rejects.toThrow(OPAQUE);
      await expect(crypto.decrypt(textOf(bytes.subarray(bytes.length - length)))).rejects.toThrow(OPAQUE);
    }
    for (let length = 0; length < ciphertext.length; length += 1) {
      await expect(crypto.decrypt(ciphertext.slice(0, length))).rejects.toThrow(OPAQUE);
    }
  });

  it("anything but the one canonical text", async () => {
    // 4 bytes of text make 32 of body: 43 characters of base64url, whose last one has two loose bits.
    const ciphertext = await crypto.encrypt("four");
    const body = ciphertext.slice(3);
    const loose = body.slice(0, -1) + String.fromCharCode(body.charCodeAt(body.length - 1) + 1);
    const others = [
      `${ciphertext}=`,
      `${ciphertext}\n`,
      ` ${ciphertext}`,
      `v1.${loose}`,
      `v1.${body.slice(0, 8)} ${body.slice(8)}`,
      `v1.${body}AAAA`,
      `v1.${Buffer.from(body, "base64url").toString("hex")}`,
    ];
    for (const other of others) await expect(crypto.decrypt(other), other).rejects.toThrow(OPAQUE);
  });

  it("standard base64 with + and /", async () => {
    let ciphertext = await crypto.encrypt("standard");
    while (!/[-_]/.test(ciphertext)) ciphertext = await crypto.encrypt("standard");
    const standard = `v1.${ciphertext.slice(3).replaceAll("-", "+").replaceAll("_", "/")}`;
    await expect(crypto.decrypt(standard)).rejects.toThrow(OPAQUE);
  });

  it("other versions, no version, and plaintext found in the column", async () => {
    const ciphertext = await crypto.encrypt("versioned");
    const body = ciphertext.slice(3);
    for (const other of [`v2.${body}`, `V1.${body}`, `v1${body}`, body, "", "v1.", "sk-ant-test-plaintext"]) {
      await expect(crypto.decrypt(other), other).rejects.toThrow(OPAQUE);
    }
  });

  it("a shortened tag, which Node would accept if it were not told the length", async () => {
    const bytes = bytesOf(await crypto.encrypt("short tag"));
    for (const length of [4, 8, 12, 13, 14, 15]) {
      await expect(crypto.decrypt(textOf(bytes.subarray(0, bytes.length - 16 + length)))).rejects.toThrow(
        OPAQUE,
      );
    }
  });

  it("what another master key encrypted", async () => {
    const ciphertext = await crypto.encrypt("theirs");
    const other = await load(OTHER_MASTER_KEY);
    await expect(other.decrypt(ciphertext)).rejects.toThrow(OPAQUE);
  });

  it("arbitrary text, without ever returning any", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `v1.${text}`),
        ),
        async (text) => {
          await expect(crypto.decrypt(text)).rejects.toThrow(OPAQUE);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("without naming a cause", async () => {
    const error = await crypto.decrypt("v1.AAAA").catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).cause).toBeUndefined();
  });
});

describe("a master key is refused", () => {
  const bad: [string, string | undefined][] = [
    ["when it is missing", undefined],
    ["when it is empty", ""],
    ["when it is one character short", TEST_MASTER_KEY.slice(1)],
    ["when it is one character long", `${TEST_MASTER_KEY}0`],
    ["when it is not hexadecimal", `g${TEST_MASTER_KEY.slice(1)}`],
    ["when a digit is full-width", `０${TEST_MASTER_KEY.slice(1)}`],
    ["when a newline trails", `${TEST_MASTER_KEY}\n`],
    ["when a newline replaces its end", `${TEST_MASTER_KEY.slice(1)}\n`],
    ["when it is base64 of 32 bytes", Buffer.alloc(32, 7).toString("base64")],
    ["when it carries 0x", `0x${TEST_MASTER_KEY.slice(2)}`],
  ];
  it.each(bad)("%s, with a sentence that says how to make one and not what it was", async (_, masterKey) => {
    const { encrypt, decrypt } = await load(masterKey);
    for (const attempt of [encrypt("x"), decrypt("v1.AAAA")]) {
      const error: Error = await attempt.then(
        () => expect.unreachable(),
        (thrown: Error) => thrown,
      );
      const what = masterKey ? "not 64 hexadecimal characters" : "missing";
      expect(error.message).toMatch(new RegExp(`^VAULT_MASTER_KEY is ${what}\\..*randomBytes\\(32\\)`));
      if (masterKey) expect(error.message).not.toContain(masterKey.trim());
    }
  });

  it("but capital hexadecimal digits mean the same key", async () => {
    const ciphertext = await crypto.encrypt("case");
    const upper = await load(TEST_MASTER_KEY.toUpperCase());
    expect(await upper.decrypt(ciphertext)).toBe("case");
  });
});

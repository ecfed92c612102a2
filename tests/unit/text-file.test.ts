import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseEnvFile } from "../../lib/vault/env-import.ts";
import { decodeText, readTextFile } from "../../lib/vault/text-file.ts";

const TEXT = "DB_PASS=grün-Käse7 鍵😀\n";
const encode = (text: string, encoding: "utf8" | "utf16le") => [...Buffer.from(text, encoding)];
const swap = (bytes: number[]) =>
  bytes.flatMap((_, at) => (at % 2 === 0 ? [bytes[at + 1] ?? 0, bytes[at] ?? 0] : []));
const decode = (bytes: number[]) => decodeText(new Uint8Array(bytes));
const SAVE_AS = 'Save it as "UTF-8" in your editor, then choose it again.';

describe("the bytes of a file", () => {
  it.each([
    ["UTF-8", encode(TEXT, "utf8")],
    ["UTF-8 with its mark", [0xef, 0xbb, 0xbf, ...encode(TEXT, "utf8")]],
    ["UTF-16, the low byte first", [0xff, 0xfe, ...encode(TEXT, "utf16le")]],
    ["UTF-16, the high byte first", [0xfe, 0xff, ...swap(encode(TEXT, "utf16le"))]],
  ])("are read as %s", (_, bytes) => {
    expect(decode(bytes)).toEqual({ text: TEXT });
  });

  it.each([
    ["windows-1252", [...Buffer.from("DB_PASS_LATIN=grün-Käse7", "latin1")], "The file isn't UTF-8 text."],
    ["Shift JIS", [0x83, 0x4c, 0x81, 0x5b], "The file isn't UTF-8 text."],
    ["half a character", [0x41, 0xc3], "The file isn't UTF-8 text."],
    ["an overlong form", [0xc0, 0xaf], "The file isn't UTF-8 text."],
    ["UTF-16 without its mark", encode("A=1", "utf16le"), "The file isn't UTF-8 text."],
    ["a program", [0x7f, 0x45, 0x4c, 0x46, 0, 1], "The file isn't UTF-8 text."],
    ["a picture", [0x89, 0x50, 0x4e, 0x47], "The file isn't UTF-8 text."],
    ["half of UTF-16", [0xff, 0xfe, 0x41], "The file isn't UTF-16 text."],
    ["half of a pair in UTF-16", [0xff, 0xfe, 0x3d, 0xd8], "The file isn't UTF-16 text."],
    ["UTF-32", [0xff, 0xfe, 0, 0, 0x41, 0, 0, 0], "The file is UTF-32 text."],
    ["UTF-32, the high byte first", [0, 0, 0xfe, 0xff, 0, 0, 0, 0x41], "The file is UTF-32 text."],
  ])("are refused if they are %s, with how to save it", (_, bytes, sentence) => {
    expect(decode(bytes)).toEqual({ problem: `${sentence} ${SAVE_AS}` });
  });

  it("are an empty text if there are none", () => {
    expect(decode([])).toEqual({ text: "" });
  });

  it("give the text that was encoded, whatever it is, and no mark", () => {
    const text = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));
    fc.assert(
      fc.property(text, (text) => {
        const [utf8, utf16] = [encode(text, "utf8"), encode(text, "utf16le")];
        expect(decode([0xef, 0xbb, 0xbf, ...utf8])).toEqual({ text });
        expect(decode([0xff, 0xfe, ...utf16])).toEqual({ text });
        expect(decode([0xfe, 0xff, ...swap(utf16)])).toEqual({ text });
        if (!text.startsWith("\ufeff")) expect(decode(utf8)).toEqual({ text });
      }),
    );
  });

  it("never become another text: what is read is encoded as it was", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const read = decodeText(bytes);
        if ("problem" in read) {
          expect(read.problem).toContain(SAVE_AS);
          return;
        }
        const forms = [
          encode(read.text, "utf8"),
          encode(read.text, "utf16le"),
          swap(encode(read.text, "utf16le")),
        ];
        expect(forms.some((form) => form.every((byte, at) => byte === bytes.at(at - form.length)))).toBe(
          true,
        );
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a file that was chosen or dropped", () => {
  const file = (content: string | Uint8Array<ArrayBuffer>) => new File([content], ".env");
  it("is read", async () => {
    expect(await readTextFile([file(TEXT)])).toEqual({ text: TEXT });
    expect(await readTextFile([file(new Uint8Array([0xff, 0xfe, 0x41, 0]))])).toEqual({ text: "A" });
  });
  it.each([
    ["there is none", [], "There's no file in it."],
    ["there are several", [file("A=1"), file("B=2")], "You chose 2 files. Choose one at a time."],
    ["it is too large", [file("a".repeat(256 * 1024 + 1))], "The file is larger than 256 KiB."],
  ])("is refused if %s", async (_, files, problem) => {
    expect(await readTextFile(files)).toEqual({ problem });
  });
  it("may have 256 KiB", async () => {
    expect(await readTextFile([file("a".repeat(256 * 1024))])).toHaveProperty("text");
  });
  it("is refused if it cannot be read, such as a folder", async () => {
    const folder = {
      size: 0,
      arrayBuffer: () => Promise.reject(new DOMException("gone", "NotFoundError")),
    } as File;
    expect(await readTextFile([folder])).toEqual({ problem: "The file can't be read." });
  });
});

describe("what is previewed of a file", () => {
  it("is the same in every encoding that is read", () => {
    const lines = fc.array(fc.tuple(fc.stringMatching(/^[A-Z]{1,5}$/), fc.string({ unit: "grapheme" })));
    fc.assert(
      fc.property(lines, fc.constantFrom("\n", "\r\n"), (pairs, end) => {
        const text = pairs.map(([name, value]) => `${name}='${value.replace(/['\0]/g, "")}'`).join(end);
        const utf16 = encode(text, "utf16le");
        const rows = [encode(text, "utf8"), [0xff, 0xfe, ...utf16], [0xfe, 0xff, ...swap(utf16)]].map(
          (bytes) => {
            const read = decode(bytes);
            return "text" in read && parseEnvFile(read.text);
          },
        );
        expect(rows[1]).toEqual(rows[0]);
        expect(rows[2]).toEqual(rows[0]);
      }),
    );
  });
});

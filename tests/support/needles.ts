/** Looks for any of many short needles in bytes, in one pass, however many there are. */
export function finder(needles: readonly Buffer[]): (haystack: Buffer) => Buffer | undefined {
  // By their first two bytes, which few places in the haystack have.
  const byStart = new Map<number, Buffer[]>();
  const isStart = new Uint8Array(0x1_00_00);
  for (const needle of needles) {
    if (needle.length < 2) throw new TypeError("A needle has two bytes at least.");
    const start = needle.readUInt16BE();
    isStart[start] = 1;
    byStart.set(start, [...(byStart.get(start) ?? []), needle]);
  }
  return (haystack) => {
    let pair = haystack[0] ?? 0;
    for (let at = 1; at < haystack.length; at += 1) {
      pair = ((pair << 8) | (haystack[at] ?? 0)) & 0xff_ff;
      if (isStart[pair] === 0) continue;
      const found = byStart
        .get(pair)
        ?.find((needle) => haystack.subarray(at - 1, at - 1 + needle.length).equals(needle));
      if (found) return found;
    }
    return undefined;
  };
}

/**
 * Every piece of a secret, as it is and in the encodings that software uses.
 *
 * @param length characters in a row
 */
export function piecesOf(secret: string, length: number): Buffer[] {
  const starts = Array.from({ length: secret.length - length + 1 }, (_, start) => start);
  return starts.flatMap((start) => {
    const piece = secret.slice(start, start + length);
    const bytes = Buffer.from(piece);
    const percent = piece.replace(
      /[^\w.-]/g,
      (sign) => `%${Buffer.from(sign).toString("hex").toUpperCase()}`,
    );
    return [
      bytes,
      Buffer.from(bytes.toString("hex")),
      Buffer.from(bytes.toString("hex").toUpperCase()),
      Buffer.from(piece, "utf16le"),
      Buffer.from(percent),
    ];
  });
}

/** A line of a CSV file (RFC 4180). */
export const csvLine = (cells: readonly (string | number)[]) => `${cells.map(cell).join(",")}\r\n`;

function cell(value: string | number): string {
  // Some spreadsheets separate by semicolons, and all of them would run a text that begins so as a formula, some with the
  // full-width forms as well; an apostrophe makes it text. https://owasp.org/www-community/attacks/CSV_Injection
  const text = String(value).replace(/^[=+\-@＝＋－＠\t\r\n]/, "'$&");
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The headers of a CSV file that a browser saves. */
export const csvHeaders = (filename: string) => ({
  "Cache-Control": "private, no-store",
  "Content-Type": "text/csv; charset=utf-8; header=present",
  "Content-Disposition": `attachment; filename="${filename}"`,
});

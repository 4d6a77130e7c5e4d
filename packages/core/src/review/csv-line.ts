/** What a spreadsheet would run as a formula, also behind spaces. @see OWASP, CSV injection */
const FORMULA = /^\s*[=+\-@\t\r]/;

function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n;']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line of CSV that no spreadsheet takes for a formula. @see RFC 4180 */
export const csvLine = (cells: readonly (string | number)[]): string => `${cells.map(cell).join(",")}\r\n`;

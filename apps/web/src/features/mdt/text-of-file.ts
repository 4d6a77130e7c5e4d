const MOST_BYTES = 5_000_000;
const MOST_ROWS = 220;

const cellText = (cell: unknown): string => {
  if (cell === null || cell === undefined) return "";
  // A spreadsheet keeps a day as midnight UTC.
  const text = cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell);
  return `"${text.replaceAll('"', '""')}"`;
};

/** A spreadsheet's first sheet as lines with tabs, a text file as it is; bounded, and read here: only its text leaves. */
export async function textOfFile(file: File): Promise<{ text: string } | { wrong: string }> {
  if (file.size > MOST_BYTES)
    return { wrong: "It is larger than 5 MB. Save the list alone as a file of its own." };
  if (!/\.xlsx$/i.test(file.name)) return { text: await file.text() };
  try {
    const { readSheet } = await import("read-excel-file/browser");
    const rows = await readSheet(file);
    return {
      text: rows
        .slice(0, MOST_ROWS)
        .map((row) => row.map(cellText).join("\t"))
        .join("\n"),
    };
  } catch {
    return { wrong: "It is no Excel workbook that can be opened. Save it as .xlsx or .csv and try again." };
  }
}

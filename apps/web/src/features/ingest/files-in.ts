/** A file with its path in what was dropped. */
export type FoundFile = { path: string; file: File };

const readAll = (folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> =>
  new Promise((resolve, reject) => {
    const reader = folder.createReader();
    const entries: FileSystemEntry[] = [];
    // A browser hands out a folder a hundred entries at a time, and an empty list at its end.
    const next = () =>
      reader.readEntries((some) => {
        if (some.length === 0) resolve(entries);
        else {
          entries.push(...some);
          next();
        }
      }, reject);
    next();
  });

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

async function* within(entry: FileSystemEntry): AsyncGenerator<FoundFile> {
  if (entry.name.startsWith(".")) return;
  if (isFile(entry)) yield { path: entry.fullPath.replace(/^\//, ""), file: await fileOf(entry) };
  else if (isFolder(entry)) for (const child of await readAll(entry)) yield* within(child);
}

/** Every file of what was dropped, folders and all. */
export async function filesInDrop(transfer: DataTransfer): Promise<FoundFile[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const found: FoundFile[] = [];
  for (const entry of entries) for await (const file of within(entry)) found.push(file);
  return found;
}

export const filesInInput = (files: FileList | null): FoundFile[] =>
  [...(files ?? [])]
    .filter(({ name }) => !name.startsWith("."))
    .map((file) => ({ path: file.webkitRelativePath || file.name, file }));

const HEAD_BYTES = 132;

/** What a file is, by its first bytes; the server looks again. */
export async function kindOf(file: File): Promise<"dicom" | "hl7" | "other"> {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const text = String.fromCharCode(...head);
  if (text.slice(128, 132) === "DICM") return "dicom";
  if (/^MSH[^\w\s]/.test(text)) return "hl7";
  return ["\u0008\u0000", "\u0002\u0000", "\u0000\u0008"].includes(text.slice(0, 2)) ? "dicom" : "other";
}

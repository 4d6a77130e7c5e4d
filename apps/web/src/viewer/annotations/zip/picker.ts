type Picker = (options: {
  suggestedName: string;
  types: { description: string; accept: Record<string, string[]> }[];
}) => Promise<FileSystemFileHandle>;

/** Not in every browser, nor in TypeScript's word of them. @see https://wicg.github.io/file-system-access/ */
export const pickerOf = (): Picker | undefined => {
  const picker: unknown = "showSaveFilePicker" in window ? window.showSaveFilePicker : undefined;
  return typeof picker === "function"
    ? (options) => Promise.resolve(picker.call(window, options))
    : undefined;
};

/** A browser without a way to write as it reads holds all of it first. */
export const MOST_HELD_BYTES = 300 * 1000 * 1000;

/** What this browser takes out in one file. */
export const mostTaken = (): number => (pickerOf() ? Number.POSITIVE_INFINITY : MOST_HELD_BYTES);

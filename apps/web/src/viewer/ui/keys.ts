/** `id`: what it does, by name, where its letter is the reader's to choose. */
export type KeyLine = { keys: string; does: string; id?: string; letter?: string };

/** Left hand only (clinical page §24). What the help shows is this list, so it can't tell otherwise. */
export const KEYS: readonly KeyLine[] = [
  { keys: "1 to 9", does: "Window presets" },
  {
    keys: "Space, Shift+Space",
    does: "On, back: the next step; where there is one alone, the next series",
  },
  { keys: "N, Shift+N", does: "Next, previous series in this viewport", id: "series", letter: "n" },
  { keys: "P", does: "The prior beside, and away again", id: "prior", letter: "p" },
  { keys: "↑ ↓, wheel", does: "Scroll the images" },
  { keys: "← →", does: "The viewport before, after" },
  { keys: "Page Up, Page Down", does: "Ten images back, on" },
  { keys: "Home, End", does: "First, last image" },
  { keys: "H, held", does: "The other study in the same place", id: "peek", letter: "h" },
  {
    keys: "J",
    does: "To where you stopped the last time; or to the start of the study",
    id: "start",
    letter: "j",
  },
  { keys: "L", does: "Link the scrolling, from where each stands now; or not", id: "link", letter: "l" },
  { keys: "V", does: "The series in three planes, and back", id: "planes", letter: "v" },
  { keys: "S", does: "Second screen, in a window of its own; or close it", id: "second-screen", letter: "s" },
  { keys: "W", does: "Window by dragging", id: "window", letter: "w" },
  { keys: "M", does: "Measure a length", id: "measure", letter: "m" },
  { keys: "B", does: "Measure two axes", id: "two-axes", letter: "b" },
  { keys: "G", does: "Measure an angle", id: "angle", letter: "g" },
  { keys: "E", does: "Ellipse with its values", id: "ellipse", letter: "e" },
  { keys: "Q", does: "Value of a pixel", id: "pixel", letter: "q" },
  { keys: "Y", does: "Arrow", id: "arrow", letter: "y" },
  { keys: "K", does: "Key image", id: "key-image", letter: "k" },
  { keys: "U", does: "List of marks", id: "marks", letter: "u" },
  { keys: "Ctrl+Z, Ctrl+Y", does: "Undo, redo a mark" },
  { keys: "Z", does: "Zoom by dragging", id: "zoom", letter: "z" },
  { keys: "X", does: "Pan by dragging", id: "pan", letter: "x" },
  { keys: "+, −", does: "Zoom in, out" },
  { keys: "I", does: "Invert", id: "invert", letter: "i" },
  { keys: "C", does: "Play, stop", id: "cine", letter: "c" },
  { keys: "D", does: "Report", id: "report", letter: "d" },
  { keys: "F", does: "Full screen", id: "full", letter: "f" },
  { keys: "A", does: "Copy the NHS number", id: "copy-number", letter: "a" },
  { keys: "R", does: "Reset the picture", id: "reset", letter: "r" },
  { keys: "?", does: "This list" },
  { keys: "Esc", does: "Close what is open; then the study" },
];

/** Letters that a reader chose, by what they do. */
export type OwnKeys = { readonly [id: string]: string };

const letterOf = ({ id, letter }: KeyLine, own: OwnKeys): string | undefined => (id && own[id]) ?? letter;

/** The letter that the viewer knows, for the one that was pressed; undefined where it does nothing for this reader. */
export function knownLetter(pressed: string, own: OwnKeys): string | undefined {
  const line = KEYS.find((one) => one.id !== undefined && letterOf(one, own) === pressed);
  if (line) return line.letter;
  return KEYS.some(({ letter }) => letter === pressed) ? undefined : pressed;
}

/** The letter by which this reader does one thing. */
export function letterFor(id: string, own: OwnKeys): string {
  const line = KEYS.find((one) => one.id === id);
  return (line && letterOf(line, own)) ?? "";
}

/** How a line reads for this reader. */
export const keysText = (line: KeyLine, own: OwnKeys): string => {
  const letter = letterOf(line, own)?.toUpperCase();
  return letter && line.letter ? line.keys.replaceAll(line.letter.toUpperCase(), letter) : line.keys;
};

/** Another letter for one thing. Whatever had it takes the letter that became free, so that no key does two things. */
export function withKey(own: OwnKeys, id: string, letter: string): OwnKeys {
  if (!/^[a-z]$/.test(letter)) return own;
  const line = KEYS.find((one) => one.id === id);
  const before = line && letterOf(line, own);
  if (!before || before === letter) return own;
  const other = KEYS.find((one) => one.id !== undefined && one.id !== id && letterOf(one, own) === letter);
  return { ...own, [id]: letter, ...(other?.id ? { [other.id]: before } : {}) };
}

/** An element of whichever window: each has classes of its own. */
const elementOf = (target: EventTarget | null): HTMLElement | undefined =>
  target !== null && "tagName" in target ? (target as HTMLElement) : undefined;

/** Typing in a field is not for the viewer. */
export const isTyping = (target: EventTarget | null): boolean => {
  const element = elementOf(target);
  return (
    element !== undefined && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName))
  );
};

export const isButton = (target: EventTarget | null): boolean => elementOf(target)?.tagName === "BUTTON";

/** Left hand only (clinical page §24). What the help shows is this list, so it can't tell otherwise. */
export const KEYS: readonly { keys: string; does: string }[] = [
  { keys: "1 to 9", does: "Window presets" },
  { keys: "Space, Shift+Space", does: "Next, previous series" },
  { keys: "↑ ↓, wheel", does: "Scroll the images" },
  { keys: "← →", does: "The viewport before, after" },
  { keys: "Page Up, Page Down", does: "Ten images back, on" },
  { keys: "Home, End", does: "First, last image" },
  { keys: "W", does: "Window by dragging" },
  { keys: "M", does: "Measure a length" },
  { keys: "Z, X", does: "Zoom, pan by dragging" },
  { keys: "+, −", does: "Zoom in, out" },
  { keys: "I", does: "Invert" },
  { keys: "C", does: "Play, stop" },
  { keys: "D", does: "Report" },
  { keys: "F", does: "Full screen" },
  { keys: "R", does: "Reset the picture" },
  { keys: "?", does: "This list" },
  { keys: "Esc", does: "Close what is open; then the study" },
];

/** Typing in a field is not for the viewer. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

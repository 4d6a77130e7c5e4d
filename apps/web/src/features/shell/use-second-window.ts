import { useSyncExternalStore } from "react";
import { closeSecondWindow, onSecondWindow, openSecondWindow, secondWindow } from "./second-window.ts";

/** The window of the second screen, as the viewer asks for it. It stays from one study to the next. */
export function useSecondWindow() {
  const window = useSyncExternalStore(onSecondWindow, secondWindow, () => undefined);
  return { window, open: openSecondWindow, close: closeSecondWindow };
}

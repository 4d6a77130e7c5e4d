import { useSyncExternalStore } from "react";

const never = () => () => {};

/** Whether the page's code runs. Until then a press would be lost, and nobody would be told: a button that needs the code says so. */
export const useHydrated = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );

import { useEffect, useState } from "react";

/** Whether the page's own code runs yet. Until then a form would be sent by the browser, with what was typed in the address. */
export function useIsHere(): boolean {
  const [isHere, setIsHere] = useState(false);
  useEffect(() => setIsHere(true), []);
  return isHere;
}

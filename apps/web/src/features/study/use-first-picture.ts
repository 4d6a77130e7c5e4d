import { useCallback, useEffect, useState } from "react";

/** A study that shows nothing is asked about all the same. */
const AT_MOST_MS = 5000;

/** Whether the first picture is there: what isn't for that picture is asked for after it. */
export function useFirstPicture(): { isThere: boolean; onThere(): void } {
  const [isThere, setIsThere] = useState(false);
  const onThere = useCallback(() => setIsThere(true), []);
  useEffect(() => {
    const timer = setTimeout(onThere, AT_MOST_MS);
    return () => clearTimeout(timer);
  }, [onThere]);
  return { isThere, onThere };
}

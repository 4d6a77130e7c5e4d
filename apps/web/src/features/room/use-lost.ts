import { useEffect, useState } from "react";

const isOffline = () => typeof navigator !== "undefined" && !navigator.onLine;

/** Since when the network is lost: the browser says so, or nobody answers. */
export function useLostSince(isUnreached: boolean): Date | undefined {
  const [offline, setOffline] = useState(false);
  const [lostAt, setLostAt] = useState<Date>();
  useEffect(() => {
    const look = () => setOffline(isOffline());
    look();
    window.addEventListener("offline", look);
    window.addEventListener("online", look);
    return () => {
      window.removeEventListener("offline", look);
      window.removeEventListener("online", look);
    };
  }, []);
  const isLost = offline || isUnreached;
  useEffect(() => setLostAt((was) => (isLost ? (was ?? new Date()) : undefined)), [isLost]);
  return lostAt;
}

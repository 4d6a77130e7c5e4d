import { useEffect, useState } from "react";
import { otherWindows } from "#features/shell/second-window.ts";
import { type Outputs, useTRPCClient } from "#features/shell/trpc.tsx";

const SAID_EVERY_MS = 20_000;

export type Reader = Outputs["annotation"]["noteReading"]["readers"][number];

const isInFront = () =>
  [window, ...otherWindows()].some(({ document: shown }) => shown.visibilityState === "visible");

/**
 * Without a study, nothing is said. Says that this study is being read for as long as it is in front, and hears who else reads it. While the page is locked
 * nothing is said, and a minute later the study is free.
 */
export function useReadingNow(studyId: string | undefined): readonly Reader[] {
  const client = useTRPCClient();
  const [readers, setReaders] = useState<readonly Reader[]>([]);
  useEffect(() => {
    if (studyId === undefined) return;
    let isLeft = false;
    const say = () => {
      if (!isInFront()) return;
      client.annotation.noteReading.mutate({ studyId, is: "reading" }).then(
        (said) => {
          if (!isLeft) setReaders(said.readers);
        },
        // Not heard of is not known: what was said a minute ago is no longer.
        () => setReaders([]),
      );
    };
    const leave = () => void client.annotation.noteReading.mutate({ studyId, is: "left" }).catch(() => {});
    say();
    const timer = setInterval(say, SAID_EVERY_MS);
    document.addEventListener("visibilitychange", say);
    return () => {
      isLeft = true;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", say);
      leave();
    };
  }, [client, studyId]);
  return readers;
}

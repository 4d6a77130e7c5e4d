import { useQuery } from "@tanstack/react-query";
import { useTRPCClient } from "#features/shell/trpc.tsx";
import type { Reader } from "#features/study/use-reading-now.ts";

const ASK_EVERY_MS = 10_000;
const MOST = 500;

/** Who else reads which of these studies now. What isn't heard of is not said. */
export function useWhoReads(studyIds: readonly string[]): ReadonlyMap<string, readonly Reader[]> {
  const client = useTRPCClient();
  const asked = studyIds.slice(0, MOST);
  const { data, isError } = useQuery({
    queryKey: ["worklist", "who-reads", asked],
    queryFn: () => client.worklist.whoReads.mutate({ studyIds: [...asked] }),
    refetchInterval: ASK_EVERY_MS,
    staleTime: 0,
    enabled: asked.length > 0,
  });
  return new Map((isError ? [] : (data ?? [])).map(({ studyId, readers }) => [studyId, readers]));
}

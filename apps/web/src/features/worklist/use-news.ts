import { useQuery } from "@tanstack/react-query";
import { useTRPCClient } from "#features/shell/trpc.tsx";
import type { News } from "./news-badge.tsx";

const ASK_EVERY_MS = 60_000;
const MOST = 200;

/** What came since this person last opened each of these studies. What isn't heard of is not said. */
export function useNews(
  studyIds: readonly string[],
  changeCursor: string,
): ReadonlyMap<string, readonly News[]> {
  const client = useTRPCClient();
  const asked = studyIds.slice(0, MOST);
  const { data, isError } = useQuery({
    // Whatever changed the list may be news.
    queryKey: ["worklist", "news", asked, changeCursor],
    queryFn: () => client.worklist.listNews.mutate({ studyIds: [...asked] }),
    refetchInterval: ASK_EVERY_MS,
    // Back from a study that was opened here, its news are old.
    refetchOnMount: "always",
    staleTime: 0,
    enabled: asked.length > 0,
  });
  return new Map((isError ? [] : (data ?? [])).map(({ studyId, news }) => [studyId, news]));
}

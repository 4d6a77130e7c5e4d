"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "#features/shell/button.tsx";
import { errorText } from "#features/shell/error-text.ts";
import { Failed } from "#features/shell/failed.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";
import { releaseWords } from "./held-words.ts";

type Asked = { studyId: string; hasReport: boolean; proxyId?: string | undefined };

const MARKS = [
  { mark: "told", is: "isTold", set: "The patient has been told", back: "Take back: told" },
  { mark: "held", is: "isHeld", set: "Hold this study", back: "Let it go again" },
  { mark: "notToProxies", is: "isNotToProxies", set: "Not to proxies", back: "Proxies may see it" },
] as const;

/** Whether it may go now, why it is held, and what staff say of it: told, held, not to proxies. */
export function ReleaseState({ studyId, hasReport, proxyId }: Asked) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const asked = { studyIds: [studyId], hasReport, ...(proxyId ? { proxyId } : {}) };
  const preview = useQuery(trpc.links.preview.queryOptions(asked));
  const mark = useMutation(
    trpc.links.markRelease.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.links.preview.queryKey() }),
    }),
  );
  if (preview.error)
    return (
      <Notice tone="danger" title="Its release can't be read">
        {errorText(preview.error)}
      </Notice>
    );
  const [judged] = preview.data?.studies ?? [];
  if (!judged) return <p role="status">Looking whether it may go …</p>;
  const { tone, title, text } = releaseWords(judged.release);
  return (
    <section aria-label="Release" className="flex flex-col gap-2">
      <Notice tone={tone} title={title}>
        {text}
      </Notice>
      <div className="flex flex-wrap gap-2">
        {MARKS.map((one) => (
          <Button
            key={one.mark}
            disabled={mark.isPending}
            aria-pressed={judged[one.is]}
            onClick={() =>
              mark.mutate({ studyId, mark: one.mark, stands: judged[one.is] ? "taken-back" : "set" })
            }
          >
            {judged[one.is] ? one.back : one.set}
          </Button>
        ))}
      </div>
      <Failed title="It wasn't marked" error={mark.error} />
    </section>
  );
}

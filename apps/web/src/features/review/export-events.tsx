"use client";
import { useMutation } from "@tanstack/react-query";
import { Button } from "#features/shell/button.tsx";
import { errorText } from "#features/shell/error-text.ts";
import { Notice } from "#features/shell/notice.tsx";
import { type Inputs, useTRPCClient } from "#features/shell/trpc.tsx";
import type { Asked } from "./event-question.ts";

type As = Inputs["review"]["exportEvents"]["as"];
type Cursor = Inputs["review"]["exportEvents"]["before"];

const FILE: Record<As, { name: string; type: string }> = {
  csv: { name: "audit.csv", type: "text/csv" },
  balp: { name: "audit.ndjson", type: "application/fhir+ndjson" },
};

function save(parts: readonly string[], { name, type }: { name: string; type: string }): void {
  const url = URL.createObjectURL(new Blob([...parts], { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}

/** All events of the question as a file, page by page: for a spreadsheet, or as FHIR AuditEvents (IHE BALP). */
export function ExportEvents({ asked }: { asked: Asked }) {
  const client = useTRPCClient();
  const take = useMutation({
    mutationFn: async (as: As) => {
      const parts: string[] = [];
      for (let before: Cursor, isMore = true; isMore; ) {
        const page = await client.review.exportEvents.mutate({ ...asked, as, ...(before ? { before } : {}) });
        parts.push(page.text);
        before = page.next;
        isMore = page.next !== undefined;
      }
      save(parts, FILE[as]);
    },
  });
  return (
    <>
      <Button disabled={take.isPending} onClick={() => take.mutate("csv")}>
        Save as CSV
      </Button>
      <Button disabled={take.isPending} onClick={() => take.mutate("balp")}>
        Save as FHIR
      </Button>
      {take.error ? (
        <Notice tone="danger" title="The file was not made">
          {take.error instanceof Error && "data" in take.error
            ? errorText(take.error as Parameters<typeof errorText>[0])
            : "Try again."}
        </Notice>
      ) : null}
    </>
  );
}

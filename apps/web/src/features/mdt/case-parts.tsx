import type { ReactNode } from "react";
import { errorText } from "#features/shell/error-text.ts";
import { Notice } from "#features/shell/notice.tsx";
import type { ApiError } from "#features/shell/trpc.tsx";

export const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <div className="flex flex-col gap-2">
    <h3 className="font-semibold">{title}</h3>
    {children}
  </div>
);

export const Failed = ({ error }: { error: Pick<ApiError, "message" | "data"> | null }) =>
  error ? (
    <Notice tone="danger" title="That was not kept">
      {errorText(error)}
    </Notice>
  ) : null;

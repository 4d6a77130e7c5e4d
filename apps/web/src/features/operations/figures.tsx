import type { ReactNode } from "react";
import { errorText } from "#features/shell/error-text.ts";
import { Notice } from "#features/shell/notice.tsx";
import { Panel } from "#features/shell/page.tsx";
import type { ApiError } from "#features/shell/trpc.tsx";
import { atClock } from "./words.ts";

export type Asked<Data> = {
  data: Data | undefined;
  error: Pick<ApiError, "message" | "data"> | null;
  isPending: boolean;
};

/** When the figures were read. What couldn't be read again still stands, and says how old it is. */
const AsOf = ({ asOf, isBehind }: { asOf: string; isBehind: boolean }) => (
  <p className="text-muted">
    As of <time dateTime={asOf}>{atClock(asOf)}</time>
    {isBehind ? ". They couldn't be read again since." : ""}
  </p>
);

/** One source's figures: loading, failed, or as they were read last. The other sources stand whatever becomes of this one. */
export function Figures<Data extends { asOf: string }>({
  title,
  asked: { data, error, isPending },
  children,
}: {
  title: string;
  asked: Asked<Data>;
  children: (data: Data) => ReactNode;
}) {
  return (
    <Panel className="flex flex-col gap-3 p-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2>{title}</h2>
        {data ? <AsOf asOf={data.asOf} isBehind={error !== null} /> : null}
      </div>
      {isPending ? <p role="status">Loading …</p> : null}
      {error ? (
        <Notice tone="danger" title={`${title}: the figures couldn't be read`}>
          {errorText(error)}
        </Notice>
      ) : null}
      {data ? children(data) : null}
    </Panel>
  );
}

/** A name and its figure, one under the other. */
export const Facts = ({ children }: { children: ReactNode }) => (
  <dl className="grid grid-cols-[repeat(auto-fit,minmax(9rem,1fr))] gap-x-6 gap-y-3">{children}</dl>
);

export const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt className="text-muted">{name}</dt>
    <dd className="font-semibold tabular-nums">{children}</dd>
  </div>
);

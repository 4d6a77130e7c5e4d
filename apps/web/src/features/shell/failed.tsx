import { errorText } from "./error-text.ts";
import { Notice } from "./notice.tsx";
import type { ApiError } from "./trpc.tsx";

type Props = { title: string; error: Pick<ApiError, "message" | "data"> | null | undefined };

/** What didn't work, and what to do about it; nothing where nothing failed. */
export function Failed({ title, error }: Props) {
  if (!error) return null;
  return (
    <Notice tone="danger" title={title}>
      {errorText(error)}
    </Notice>
  );
}

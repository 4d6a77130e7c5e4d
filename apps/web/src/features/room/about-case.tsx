import type { ShownCase } from "./shown-case.ts";

const SIDES = { L: "LEFT", R: "RIGHT", B: "BOTH SIDES", none: "no side" } as const;

/** What a case is about: its question, or the operation with its side, large, beside the images. */
export function About({
  shown,
}: {
  shown: Pick<ShownCase, "kind" | "question" | "referrer" | "procedure" | "operationSide">;
}) {
  const { kind, question, referrer, procedure, operationSide } = shown;
  const by = referrer ? ` (${referrer})` : "";
  if (kind !== "theatre")
    return (
      <p className="px-4 py-1">
        <strong>{question || "No question was written"}</strong>
        {by}
      </p>
    );
  return (
    <p className="flex flex-wrap items-baseline gap-4 px-4 py-1">
      <strong>{procedure || "No operation was written"}</strong>
      <strong className="text-2xl">{operationSide ? SIDES[operationSide] : "SIDE NOT WRITTEN"}</strong>
      {by}
    </p>
  );
}

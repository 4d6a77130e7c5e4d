import { type TextareaHTMLAttributes, useId } from "react";

/** Several lines of words, with their label. */
export function TextArea({
  label,
  ...area
}: { label: string } & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-[0.8125rem] font-medium text-muted">
        {label}
      </label>
      <textarea
        id={id}
        rows={4}
        className="w-full rounded border border-field bg-panel px-2.5 py-1 text-ink disabled:opacity-60"
        {...area}
      />
    </div>
  );
}

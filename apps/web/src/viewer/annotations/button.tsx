import type { ReactNode } from "react";

const BUTTON =
  "rounded border border-field px-2 py-1 text-sm font-semibold text-ink hover:bg-raised disabled:opacity-40";

type ButtonProps = { disabled?: boolean; onClick(): void; children: ReactNode };
export const Button = ({ disabled, onClick, children }: ButtonProps) => (
  <button type="button" className={BUTTON} disabled={disabled} onClick={onClick}>
    {children}
  </button>
);

"use client";
import { type ButtonHTMLAttributes, type InputHTMLAttributes, type ReactNode, useId } from "react";
import { useHydrated } from "#features/shell/use-hydrated.ts";

export const Title = ({ children }: { children: ReactNode }) => (
  <h1 className="text-[1.9rem] leading-tight">{children}</h1>
);

const LOOK = {
  main: "bg-accent text-on-accent",
  plain: "border-2 border-field bg-panel text-ink",
  danger: "border-2 border-danger bg-panel text-danger",
} as const;
export type ButtonLook = keyof typeof LOOK;
export const bigClass = (look: ButtonLook): string =>
  `inline-flex min-h-13 items-center justify-center rounded-md px-5 py-2 text-center font-semibold disabled:cursor-not-allowed disabled:opacity-55 ${LOOK[look]}`;

type BigProps = ButtonHTMLAttributes<HTMLButtonElement> & { look?: ButtonLook };
/** For a thumb. */
export function BigButton({ look = "main", type = "button", disabled = false, ...rest }: BigProps) {
  const isHydrated = useHydrated();
  return <button type={type} disabled={disabled || !isHydrated} className={bigClass(look)} {...rest} />;
}

type BigFieldProps = { label: string; hint?: string } & InputHTMLAttributes<HTMLInputElement>;
export function BigField({ label, hint, className = "w-full", ...input }: BigFieldProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      {hint ? (
        <p id={`${id}-hint`} className="text-muted">
          {hint}
        </p>
      ) : null}
      <input
        id={id}
        className={`min-h-13 rounded-md border-2 border-field bg-panel px-3 text-[1.25rem] text-ink ${className}`}
        {...(hint ? { "aria-describedby": `${id}-hint` } : {})}
        {...input}
      />
    </div>
  );
}

/** Read out as soon as it is there. */
export const Said = ({ tone, children }: { tone: "wrong" | "good"; children: ReactNode }) => (
  <div
    role={tone === "wrong" ? "alert" : "status"}
    className={`rounded-md border-l-8 px-4 py-3 ${tone === "wrong" ? "border-danger bg-danger-soft" : "border-green bg-green-soft"}`}
  >
    {children}
  </div>
);

export const Card = ({ label, children }: { label: string; children: ReactNode }) => (
  <section
    aria-label={label}
    className="flex flex-col gap-4 rounded-lg border border-line bg-panel px-4 py-5 sm:px-6"
  >
    {children}
  </section>
);

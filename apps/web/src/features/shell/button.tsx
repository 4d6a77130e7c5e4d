"use client";
import type { VariantProps } from "class-variance-authority";
import type { ButtonHTMLAttributes } from "react";
import { buttonClass } from "./button-class.ts";
import { useHydrated } from "./use-hydrated.ts";

export function Button({
  tone,
  className = "",
  type = "button",
  disabled = false,
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & VariantProps<typeof buttonClass>) {
  const isHydrated = useHydrated();
  return (
    <button
      type={type}
      disabled={disabled || !isHydrated}
      className={`${buttonClass({ tone })} ${className}`}
      {...rest}
    />
  );
}

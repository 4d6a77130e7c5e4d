import { cva } from "class-variance-authority";

export const buttonClass = cva(
  "inline-flex min-h-9 items-center justify-center gap-2 rounded px-3.5 py-1.5 font-semibold disabled:opacity-55 disabled:cursor-not-allowed",
  {
    variants: {
      tone: {
        main: "bg-accent text-on-accent hover:brightness-110",
        plain: "border border-field bg-panel text-ink hover:bg-raised",
        danger: "border border-danger bg-panel text-danger hover:bg-danger-soft",
      },
    },
    defaultVariants: { tone: "plain" },
  },
);

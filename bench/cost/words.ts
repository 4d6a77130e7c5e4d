const WHOLE = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

export const whole = (value: number): string => WHOLE.format(value);
export const dollars = (value: number): string => `$${WHOLE.format(value)}`;
/** Of one examination: to a hundredth of a cent. */
export const cents = (value: number): string => `$${value.toFixed(4)}`;
export const tenth = (value: number): string => value.toFixed(1);

export const tableOf = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [
    `| ${heads.join(" | ")} |`,
    `| ${heads.map((_, index) => (index === 0 ? "---" : "---:")).join(" | ")} |`,
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");

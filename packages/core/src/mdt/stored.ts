/** A day as a column holds it. */
export const dayOf = (date: Date | null) => date?.toISOString().slice(0, 10);

/** A word as a column holds it; one that isn't known here is the other. */
export const oneOf = <T extends string>(all: readonly T[], value: string, otherwise: T): T =>
  all.find((one) => one === value) ?? otherwise;

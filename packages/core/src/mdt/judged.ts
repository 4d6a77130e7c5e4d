/**
 * Green: there. Amber: not there, and somebody is on it. Red: not there, and nobody is. Grey: not known, and never taken for
 * green (clinical page §14).
 */
export type Colour = "green" | "amber" | "red" | "grey";

export type Judged = { colour: Colour; says: string; from?: string | undefined; since?: string | undefined };

export const green = (says: string): Judged => ({ colour: "green", says });
export const grey = (says: string): Judged => ({ colour: "grey", says });
/** Nobody is on it, until an ask says otherwise. */
export const red = (says: string, from?: string, since?: string): Judged => ({
  colour: "red",
  says,
  from,
  since,
});
export const amber = (says: string, from?: string, since?: string): Judged => ({
  colour: "amber",
  says,
  from,
  since,
});

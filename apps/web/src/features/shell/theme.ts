export const THEME_COOKIE = "weald.theme";
export type Theme = "light" | "dark";

/** The cookie decides before the first paint, so that a reading room never sees a white flash. */
export const themeFrom = (value: string | undefined): Theme => (value === "dark" ? "dark" : "light");

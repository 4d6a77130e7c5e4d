const TOKEN = /[A-Za-z0-9_-]{22}/;
const ALONE = /^[A-Za-z0-9_-]{22}$/;

/** The link's code in what somebody typed or pasted: the code alone, with blanks between, or the whole link. */
export function tokenIn(said: string): string | undefined {
  const code = said.includes("#") ? said.slice(said.indexOf("#") + 1) : said;
  const bare = code.replace(/\s/g, "");
  return ALONE.test(bare) ? TOKEN.exec(bare)?.[0] : undefined;
}

/** What the address held. From now on it holds it no longer: not the history, not a bookmark, not who looks over a shoulder. */
export function takeToken(): string | undefined {
  const token = tokenIn(window.location.hash);
  if (window.location.hash) window.history.replaceState(null, "", window.location.pathname);
  return token;
}

/** YYYY-MM-DD of three fields; `undefined`: no such day. */
export function dayOf(day: string, month: string, year: string): string | undefined {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const isThat = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return /^\d{4}$/.test(year.trim()) && isThat ? date.toISOString().slice(0, 10) : undefined;
}

import type { Notice } from "@weald/core/ports";

/** In the fragment, which no browser sends to a server: it is in no log and no referrer. */
const linkAt = (portalUrl: string, token: string): string => `${portalUrl}/link#${token}`;

/** What a text is filled with: what the message says, and the addresses that only the adapter can make. */
export const valuesOf = (
  { personalisation, token, page }: Notice,
  portalUrl: string,
): Readonly<Record<string, string>> => ({
  ...personalisation,
  ...(token ? { link: linkAt(portalUrl, token) } : {}),
  ...(page ? { page: `${portalUrl}${page}` } : {}),
});

/** In the fragment, which no browser sends to a server: it is in no log and no referrer. */
export const linkAt = (portalUrl: string, token: string): string => `${portalUrl}/link#${token}`;

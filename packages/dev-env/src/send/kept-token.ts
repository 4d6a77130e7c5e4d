const TOKEN_LIVES_MS = 50 * 60_000;

/** A token is asked for again before it ends, and after the identity provider was away: a large sending outlives one. */
export function keptToken(ask: () => Promise<string>): () => Promise<string> {
  let kept: { token: Promise<string>; at: number } | undefined;
  return async () => {
    if (!kept || Date.now() - kept.at > TOKEN_LIVES_MS) kept = { token: ask(), at: Date.now() };
    try {
      return await kept.token;
    } catch (error) {
      kept = undefined;
      throw error;
    }
  };
}

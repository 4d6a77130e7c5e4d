/** The store said no, or the line broke: the URL is asked for anew. */
export class FetchFailed extends Error {
  readonly code = "FETCH_FAILED";
}

/** The bytes behind a signed URL, streamed. */
export async function fetchObject(url: string): Promise<AsyncIterable<Uint8Array>> {
  const answer = await fetch(url).catch((error: unknown) => {
    throw new FetchFailed("The object store does not answer.", { cause: error });
  });
  if (answer.ok && answer.body) return answer.body;
  await answer.body?.cancel();
  throw new FetchFailed(`The object store answered ${answer.status}.`);
}

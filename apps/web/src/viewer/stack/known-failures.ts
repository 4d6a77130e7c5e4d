type Cache = { putImageLoadObject(imageId: string, object: never): Promise<unknown> };

/**
 * A picture that can't be had says so where it would have stood. The library (5.14.0) also keeps a promise of it that it never
 * looks at: each failure would be a second one that nobody answers, an error of the page.
 */
export function answerFailures(cache: Cache): void {
  const put = cache.putImageLoadObject.bind(cache);
  cache.putImageLoadObject = (imageId, object) => {
    const kept = put(imageId, object);
    kept.catch(() => {});
    return kept;
  };
}

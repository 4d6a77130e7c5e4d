/** A way back after signing in: inside this portal only, never to another host. */
export const isLocalPath = (path: string | undefined): path is string =>
  path !== undefined && /^\/(?![/\\])[\w\-/?=&%.]*$/.test(path);

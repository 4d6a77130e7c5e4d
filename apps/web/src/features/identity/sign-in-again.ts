/** The window in which somebody signs in again while their page stays as it is. */
export const AGAIN_WINDOW = "weald-sign-in-again";

/**
 * Opens the identity provider in a window of its own; every page hears when it is done. Where the browser opens none, this
 * page itself goes there and comes back to its address.
 */
export function signInAgain(): void {
  const opened = window.open("/sign-in/again", AGAIN_WINDOW, "popup,width=900,height=760");
  if (opened) {
    opened.focus();
    return;
  }
  const from = encodeURIComponent(window.location.pathname + window.location.search);
  window.location.assign(`/sign-in/again?from=${from}`);
}

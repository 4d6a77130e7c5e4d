const KEY = "weald.last-opened";

/**
 * Which study this tab showed last, so that a list can say where one left it. Kept beside the page, not in it: a row that is clicked
 * before the page's own code runs is followed by the browser, which forgets the page.
 */
export const lastOpened = {
  keep(studyId: string): void {
    try {
      sessionStorage.setItem(KEY, studyId);
    } catch {
      // A browser that keeps nothing: the list is then come back to at its start.
    }
  },
  /** Once. */
  take(): string | undefined {
    try {
      const studyId = sessionStorage.getItem(KEY) ?? undefined;
      sessionStorage.removeItem(KEY);
      return studyId;
    } catch {
      return undefined;
    }
  },
};

export { keepViewer } from "./keep-viewer-preference.ts";
export { readViewer } from "./read-viewer-preference.ts";
export type { ViewerPreference } from "./viewer-preference.ts";

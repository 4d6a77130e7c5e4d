export { REGIONS, type Region } from "./anatomy.ts";
export { findNumbered } from "./find-numbered.ts";
export { priors } from "./list-priors.ts";
export { listRecent } from "./list-recent.ts";
export { read } from "./read-timeline.ts";
export { signPictures } from "./sign-pictures.ts";
export type { Expected, Picture, RowCopy, TimelineRow, Withheld } from "./timeline.ts";

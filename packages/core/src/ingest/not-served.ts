import type { NotServed } from "../study/index.ts";

/** What a sender is told of an object that is kept and not shown. */
export const NOT_SERVED: Record<NotServed, string> = {
  REJECTED:
    "This image was rejected here by its trust. It is kept and stays rejected; its PACS team can undo that.",
  STUDY_REJECTED:
    "Its study or series was rejected here by its trust. The image is kept and not shown until that is undone.",
  STUDY_WITHHELD:
    "Its study is said to be another patient's. The image is kept and not shown until a second person has decided.",
};

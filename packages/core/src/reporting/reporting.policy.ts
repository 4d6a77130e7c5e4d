import * as Access from "../access/index.ts";
import { definePolicy } from "../kernel/index.ts";

/** Who may open a study may read its report, masked as the study is. */
export const mayReadReport = definePolicy<Access.ReadingFacts>({
  ...Access.mayReadMasked,
  name: "reporting.read",
});

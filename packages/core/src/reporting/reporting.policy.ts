import * as Access from "../access/index.ts";
import { definePolicy } from "../kernel/index.ts";

/** Who may open a study may read its report. */
export const mayReadReport = definePolicy<Access.ReadingFacts>({ ...Access.mayRead, name: "reporting.read" });

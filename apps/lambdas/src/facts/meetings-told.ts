import * as Mdt from "@weald/core/mdt";
import { z } from "zod";
import { hears } from "./fact.ts";

/** A study has images or a report that it had not: cases of meetings that wait for it are told. */
export const meetingsTold = hears(z.object({ studyId: z.uuid() }), Mdt.hearChange);

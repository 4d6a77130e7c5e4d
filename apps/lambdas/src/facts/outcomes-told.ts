import * as Room from "@weald/core/room";
import { z } from "zod";
import { hears } from "./fact.ts";

/** A study has images, a report or a correction that it had not: signed outcomes of meetings that saw it are marked. */
export const outcomesTold = hears(z.object({ studyId: z.uuid() }), Room.hearStudy);

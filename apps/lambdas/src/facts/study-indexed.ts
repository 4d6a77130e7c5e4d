import type { Ctx } from "@weald/core/kernel";
import * as Mdt from "@weald/core/mdt";
import * as Message from "@weald/core/message";
import * as Room from "@weald/core/room";
import { z } from "zod";
import { hears } from "./fact.ts";

const Said = z.object({ studyId: z.uuid() });
type Said = z.output<typeof Said>;

async function tellMeetings(ctx: Ctx, said: Said): Promise<void> {
  await Mdt.hearChange(ctx, said);
  await Room.hearStudy(ctx, said);
}

async function holdAgainst(ctx: Ctx, said: Said): Promise<void> {
  await Message.recheckStudy(ctx, said);
  await tellMeetings(ctx, said);
}

/** A study has images or a report that it had not: cases that wait for it are told, and what was decided on it is marked. */
export const studyCame = hears(Said, tellMeetings);

/** What came before it under its accession number is held against it, and then as above. */
export const studyIndexed = hears(Said, holdAgainst);

/** What is served of it was corrected: what was decided on it is marked. */
export const studyCorrected = hears(Said, Room.hearStudy);

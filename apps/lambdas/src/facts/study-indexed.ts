import type { Ctx } from "@weald/core/kernel";
import * as Mdt from "@weald/core/mdt";
import * as Message from "@weald/core/message";
import { z } from "zod";
import { hears } from "./fact.ts";

const Said = z.object({ studyId: z.uuid() });

async function studyChanged(ctx: Ctx, said: z.output<typeof Said>): Promise<void> {
  await Message.recheckStudy(ctx, said);
  await Mdt.hearChange(ctx, said);
}

/** A study has images or a report that it had not: cases of meetings that wait for it are told. */
export const studyCame = hears(Said, Mdt.hearChange);

/** What came before it under its accession number is held against it, and then as above. */
export const studyIndexed = hears(Said, studyChanged);

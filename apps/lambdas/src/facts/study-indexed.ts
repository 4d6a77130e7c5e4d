import * as Message from "@weald/core/message";
import { z } from "zod";
import { hears } from "./fact.ts";

/** A study has images that it had not: what came before it under its accession number is held against it. */
export const studyIndexed = hears(z.object({ studyId: z.uuid() }), Message.recheckStudy);

import * as Message from "@weald/core/message";
import { z } from "zod";
import { hears } from "./fact.ts";

/** More became known of a patient, or two records became one or two again. */
export const patientChanged = hears(z.object({ recordId: z.uuid() }), Message.recheckRecord);

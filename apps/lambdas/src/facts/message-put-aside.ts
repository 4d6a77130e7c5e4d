import * as Message from "@weald/core/message";
import { z } from "zod";
import { hears } from "./fact.ts";

/** A message that had been taken in waits for a person: its bytes go where a retry looks for them. */
export const messagePutAside = hears(z.object({ messageId: z.uuid() }), Message.holdAside);

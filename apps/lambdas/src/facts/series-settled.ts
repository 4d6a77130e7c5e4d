import * as Packing from "@weald/core/packing";
import { z } from "zod";
import { hears } from "./fact.ts";

/** A series is quiet: it is packed, or packed anew with what came late. */
export const seriesSettled = hears(z.object({ seriesId: z.uuid() }), Packing.markDue);

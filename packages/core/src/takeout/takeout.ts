import { z } from "zod";

/** Whose record is taken out: a whole trust that leaves, or one person who asked for what is held on them. */
export const Whose = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("trust") }),
  z.object({ kind: z.literal("nhs-number"), nhsNumber: z.string().min(1).max(20) }),
  z.object({ kind: z.literal("local-number"), localNumber: z.string().min(1).max(64) }),
]);
export type Whose = z.output<typeof Whose>;

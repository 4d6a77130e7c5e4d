import { PackDiffers, type Packed, type Packer, StoreUnavailable } from "@weald/core/ports";
import { STAYS, type StaysCode } from "@weald/dicom";
import { z } from "zod";
import type { Config } from "../config.ts";
import { createFunctionCaller } from "./lambda.ts";

const whole = z.number().int().min(0);
const span = { offset: whole, length: whole.min(1) };
const Frame = z.object({ ...span, ends: z.array(whole.min(1)).min(1), preview: z.object(span).optional() });
const isCode = (code: string): code is StaysCode => code in STAYS;
const Failed = z.object({ failed: z.literal("PACK_DIFFERS") });
const Answer: z.ZodType<Packed> = z.object({
  sizeBytes: whole,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  instances: z.array(
    z.union([
      z.object({ instanceId: z.uuid(), stays: z.string().refine(isCode) }),
      z.object({ instanceId: z.uuid(), frames: z.array(Frame) }),
    ]),
  ),
});

/** By the function that packs. Without one, as where nothing is packed, asking is refused as its role would be. */
export function createPacker(config: Config["packing"]): Packer {
  if (!config)
    return {
      pack: async () => {
        throw new StoreUnavailable("this process is given no function that packs");
      },
    };
  const call = createFunctionCaller(config);
  return {
    async pack(instances, key) {
      const answer = await call(config.function, { instances, key });
      if (Failed.safeParse(answer).success) throw new PackDiffers();
      return Answer.parse(answer);
    },
  };
}

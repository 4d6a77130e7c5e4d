import { type Drawn, type Pictures, StoreUnavailable } from "@weald/core/ports";
import { z } from "zod";
import type { Config } from "../config.ts";
import { createFunctionCaller } from "./lambda.ts";

const Answer: z.ZodType<Drawn> = z.union([
  z.object({ sizeBytes: z.number().int().min(1) }),
  z.object({ failed: z.enum(["not-drawn", "unreadable"]) }),
]);

/** By the function that draws. Without one, as where nothing is drawn, asking is refused as its role would be. */
export function createPictures(config: Config["drawing"]): Pictures {
  if (!config)
    return {
      draw: async () => {
        throw new StoreUnavailable("this process is given no function that draws");
      },
    };
  const call = createFunctionCaller(config);
  return { draw: async (drawable, key) => Answer.parse(await call(config.function, { drawable, key })) };
}

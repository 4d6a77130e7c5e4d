import "server-only";
import { cache } from "react";
import { createMineCaller } from "./routers/mine.ts";
import { mineCtx } from "./visitor.ts";

/** The patient's router, called in-process by the pages of a link. */
export const mineApi = cache(async () => createMineCaller(await mineCtx()));

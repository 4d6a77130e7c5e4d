import "server-only";
import { cache } from "react";
import { requestCtx } from "./ctx.ts";
import { createCaller } from "./routers/app.ts";

/** The router, called in-process by server components: the same procedures as over HTTP. */
export const api = cache(async () => createCaller({ ctx: await requestCtx(null) }));

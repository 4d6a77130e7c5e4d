import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { requestCtx } from "#server/ctx.ts";
import { appRouter } from "#server/routers/app.ts";
import { isSameOrigin } from "#server/same-origin.ts";

function handler(request: Request): Promise<Response> | Response {
  if (request.method !== "GET" && !isSameOrigin(request))
    return new Response("Cross-origin requests are refused.", { status: 403 });
  return fetchRequestHandler({
    endpoint: "/api/trpc",
    req: request,
    router: appRouter,
    createContext: async () => ({ ctx: await requestCtx(request.headers.get("authorization")) }),
    onError({ error, path }) {
      if (error.code === "INTERNAL_SERVER_ERROR")
        console.error(
          JSON.stringify({ level: "error", event: "trpc.internal", path, why: error.cause?.name }),
        );
    },
  });
}

export { handler as GET, handler as POST };

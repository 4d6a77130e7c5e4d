import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { mineRouter } from "#server/routers/mine.ts";
import { isSameOrigin } from "#server/same-origin.ts";
import { mineCtx } from "#server/visitor.ts";

/** The patient's procedures. Ask it without streaming: cookies stand in the head of an answer. */
function handler(request: Request): Promise<Response> | Response {
  if (request.method !== "GET" && !isSameOrigin(request))
    return new Response("Cross-origin requests are refused.", { status: 403 });
  return fetchRequestHandler({
    endpoint: "/api/mine",
    // What is asked of a link stands in no address, as a read stands in a GET.
    allowMethodOverride: true,
    req: request,
    router: mineRouter,
    createContext: ({ resHeaders }) => mineCtx(resHeaders),
    onError({ error, path }) {
      if (error.code === "INTERNAL_SERVER_ERROR")
        console.error(
          JSON.stringify({ level: "error", event: "trpc.internal", path, why: error.cause?.name }),
        );
    },
  });
}

export { handler as GET, handler as POST };

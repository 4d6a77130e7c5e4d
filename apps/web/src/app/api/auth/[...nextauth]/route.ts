import NextAuth from "next-auth";
import { authOptions } from "#server/auth.ts";
import { isSameOrigin } from "#server/same-origin.ts";
import { refuseSignIn } from "#server/sign-in.ts";

/** What came back from the provider and was none of ours: a wrong state, nonce, key, time, audience, or none at all. */
const isRefused = (request: Request, answer: Response) =>
  new URL(request.url).pathname.includes("/callback/") &&
  /[?&]error=(OAuthCallback|Callback)\b/.test(answer.headers.get("location") ?? "");

async function handler(request: Request, context: unknown): Promise<Response> {
  if (request.method !== "GET" && !isSameOrigin(request))
    return new Response("Cross-origin requests are refused.", { status: 403 });
  const answer: Response = await NextAuth(authOptions())(request, context);
  if (isRefused(request, answer)) await refuseSignIn("PROVIDER_REFUSED");
  return answer;
}

export { handler as GET, handler as POST };

import { portalToken, sessionCookieName } from "#server/auth.ts";
import { endOfSessionAt } from "#server/provider.ts";
import { isSameOrigin } from "#server/same-origin.ts";
import { settings } from "#server/settings.ts";
import { endSession } from "#server/sign-in.ts";

/** Signs out here, and then at the identity provider, which tells every other service (single logout). */
export async function POST(request: Request): Promise<Response> {
  if (!isSameOrigin(request)) return new Response("Cross-origin requests are refused.", { status: 403 });
  const token = await portalToken();
  if (token) await endSession(token, "signed-out");
  const elsewhere = token?.idToken ? await endOfSessionAt(token.idToken) : undefined;
  const headers = new Headers({
    location: elsewhere ?? `${settings().portalUrl}/sign-in?state=signed-out-here`,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
  });
  const secure = settings().portalUrl.startsWith("https:") ? "; Secure" : "";
  const name = sessionCookieName();
  for (const part of [name, `${name}.0`, `${name}.1`, `${name}.2`])
    headers.append("set-cookie", `${part}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${secure}`);
  return new Response(null, { status: 303, headers });
}

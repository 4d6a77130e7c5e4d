import { logoutTold, systemCtx } from "@weald/adapters";
import * as Identity from "@weald/core/identity";
import { Conflict } from "@weald/core/kernel";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";

const FORM = "application/x-www-form-urlencoded";

const answer = (statusCode: number, error?: string): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { "cache-control": "no-store", "content-type": "application/json" },
  body: error ? JSON.stringify({ error, error_description: "This logout token isn't taken." }) : "",
});

/** The identity provider tells of a logout (OpenID Connect Back-Channel Logout 1.0): the sessions that it names end. */
export async function handler(
  { requestContext, headers, body = "", isBase64Encoded }: APIGatewayProxyEventV2,
  context: Context,
): Promise<APIGatewayProxyStructuredResultV2> {
  if (requestContext.http.method !== "POST") return answer(405, "invalid_request");
  if (!headers["content-type"]?.startsWith(FORM)) return answer(400, "invalid_request");
  const told = await logoutTold(isBase64Encoded ? Buffer.from(body, "base64").toString("utf8") : body);
  const ctx = await systemCtx("back-channel-logout", "back-channel", context.awsRequestId);
  if (!told) {
    ctx.service.log({ level: "warn", event: "logout-token.refused" });
    return answer(400, "invalid_request");
  }
  try {
    await Identity.endByLogoutToken(ctx, told);
    return answer(200);
  } catch (error) {
    if (error instanceof Conflict) return answer(400, "invalid_request");
    throw error;
  }
}

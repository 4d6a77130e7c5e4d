import type { SignedIn } from "../src/server/claims.ts";

declare module "next-auth/jwt" {
  interface JWT {
    signedIn?: SignedIn;
    sessionId?: string;
    /** For the provider's end of session alone. */
    idToken?: string | undefined;
  }
}

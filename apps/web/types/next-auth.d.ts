import type { SignedIn } from "../src/server/claims.ts";

declare module "next-auth" {
  interface Session {
    signedIn?: SignedIn | undefined;
  }
}
declare module "next-auth/jwt" {
  interface JWT {
    signedIn?: SignedIn;
  }
}

import { createTRPCClient, httpLink, type TRPCClientErrorLike } from "@trpc/client";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { MineRouter } from "#server/routers/mine.ts";

export type MineOutputs = inferRouterOutputs<MineRouter>;
export type MineInputs = inferRouterInputs<MineRouter>;
export type MineError = TRPCClientErrorLike<MineRouter>;
export type MineView = MineOutputs["read"];
export type MineStudy = MineView["studies"][number];
export type OpenStudy = Extract<MineStudy, { state: "open" }>;

/**
 * The patient's door. One answer at a time: its cookie stands in the head of one. Everything by POST: nothing of a patient stands in
 * an address.
 */
export const mine = createTRPCClient<MineRouter>({
  links: [
    httpLink({
      url: typeof window === "undefined" ? "http://server.invalid" : "/api/mine",
      methodOverride: "POST",
    }),
  ],
});

const CANT_REACH = "We can't be reached just now. Check your connection, then try again.";

/** What to say of an error. What the server says of itself is for a person already. */
export const wordsOf = (error: unknown): string => {
  const { message, data } = error as MineError;
  return data && data.code !== "INTERNAL_SERVER_ERROR" ? message : CANT_REACH;
};
export const codeOf = (error: unknown): string | undefined => (error as MineError | null)?.data?.weald?.code;

"use client";
import { QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchStreamLink, type TRPCClientErrorLike } from "@trpc/client";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { createContext, type ReactNode, useContext, useState } from "react";
import { createSessionKeeper, type SessionKeeper } from "#features/identity/session-keeper.ts";
import { sessionLink } from "#features/identity/session-link.ts";
import type { AppRouter } from "#server/routers/app.ts";
import { FreshQueryClient } from "./fresh-query-client.ts";

export type Outputs = inferRouterOutputs<AppRouter>;
export type Inputs = inferRouterInputs<AppRouter>;
export type ApiError = TRPCClientErrorLike<AppRouter>;

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

const Keeper = createContext<SessionKeeper | undefined>(undefined);

/** What keeps this page to its session. */
export function useSessionKeeper(): SessionKeeper {
  const keeper = useContext(Keeper);
  if (!keeper) throw new Error("outside of the providers");
  return keeper;
}

const makeClient = (keeper: SessionKeeper) =>
  createTRPCClient<AppRouter>({
    links: [
      sessionLink(keeper),
      httpBatchStreamLink({ url: typeof window === "undefined" ? "http://server.invalid" : "/api/trpc" }),
    ],
  });

const makeQueryClient = () =>
  new FreshQueryClient({
    defaultOptions: { queries: { staleTime: 15_000, retry: 1 }, mutations: { retry: 0 } },
  });

export function Providers({ children }: { children: ReactNode }) {
  const [queryClient] = useState(makeQueryClient);
  const [keeper] = useState(createSessionKeeper);
  const [trpcClient] = useState(() => makeClient(keeper));
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        <Keeper value={keeper}>{children}</Keeper>
      </TRPCProvider>
    </QueryClientProvider>
  );
}

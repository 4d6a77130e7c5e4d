import * as Consent from "@weald/core/consent";
import { z } from "zod";
import { createCallerFactory, mutationOf, queryOf, router, visitorProcedure } from "../trpc.ts";

const Token = z.object({ token: z.string().max(64) });

/** The patient's door: by the cookie of a link, and what comes before it. Not part of the staff's router. */
export const mineRouter = router({
  askCode: visitorProcedure
    .input(Token)
    .mutation(({ ctx: { visitor }, input }) =>
      Consent.askCode(visitor.ctx, { ...input, address: visitor.address }),
    ),
  prove: visitorProcedure
    .input(Token.extend({ code: z.string().max(12), birthDate: z.string().max(10).optional() }))
    .mutation(async ({ ctx: { visitor }, input }) => {
      const { address, agent, device } = visitor;
      const came = await Consent.proveCode(visitor.ctx, { ...input, address, agent, device });
      if (came.state !== "open") return came;
      visitor.keep(came.secret, new Date(came.endsAt));
      return { state: came.state, endsAt: came.endsAt };
    }),
  notMine: visitorProcedure
    .input(Token)
    .mutation(({ ctx: { visitor }, input }) =>
      Consent.notMine(visitor.ctx, { ...input, address: visitor.address }),
    ),
  askNewLink: visitorProcedure
    .input(Token)
    .mutation(({ ctx: { visitor }, input }) =>
      Consent.askNewLink(visitor.ctx, { ...input, address: visitor.address }),
    ),
  forget: visitorProcedure.mutation(({ ctx: { visitor } }) => {
    visitor.forget();
    return { forgotten: true };
  }),
  read: queryOf(Consent.readMine),
  readSeries: queryOf(Consent.seeSeries),
  signImages: mutationOf(Consent.signImages),
  signPictures: mutationOf(Consent.signMinePictures),
  readReport: queryOf(Consent.seeReport),
  signFiles: mutationOf(Consent.signFiles),
  readReceipts: queryOf(Consent.readReceipts),
  askAbout: mutationOf(Consent.askAbout),
  passOn: mutationOf(Consent.passOn),
  end: mutationOf(Consent.endMine),
  notMe: mutationOf(Consent.notMe),
  close: mutationOf(Consent.closeMine),
});
export type MineRouter = typeof mineRouter;
export const createMineCaller = createCallerFactory(mineRouter);

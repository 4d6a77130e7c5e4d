import * as Consent from "@weald/core/consent";
import { createCallerFactory, mutationOf, openingOf, queryOf, router, visitOf } from "../trpc.ts";

/** The patient's door: by the cookie of a link, and what comes before it. No part of the staff's router. */
export const mineRouter = router({
  askCode: visitOf(Consent.askCode),
  prove: openingOf(Consent.proveCode),
  notMine: visitOf(Consent.notMine),
  askNewLink: visitOf(Consent.askNewLink),
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

import type { TRPCClient } from "@trpc/client";
import type { AppRouter } from "#server/routers/app.ts";
import type { FrameSource, SeriesPage, SignedObject, ViewerInstance } from "#viewer/contract.ts";

type Signed = Awaited<ReturnType<TRPCClient<AppRouter>["study"]["signObjects"]["mutate"]>>;
type Read = Awaited<ReturnType<TRPCClient<AppRouter>["study"]["readSeries"]["query"]>>;

const asObjects = ({ packs }: Pick<Signed, "packs">): SignedObject[] =>
  packs.map(({ packId, ...signed }) => ({ instanceId: packId, ...signed }));
const asPage = (read: Pick<Read, "instances" | "next" | "objects" | "packs">): SeriesPage => ({
  instances: read.instances as ViewerInstance[],
  next: read.next,
  objects: read.objects,
  packs: asObjects(read),
});
/** The first picture of a series is among so many. */
const AHEAD = 8;

/** What nobody has asked for yet is declared so: it never counts as displayed (clinical page §21). */
export const aheadSource = (client: TRPCClient<AppRouter>, studyId: string): FrameSource => ({
  instances: async (seriesId) =>
    asPage(await client.study.readSeries.query({ seriesId, isPrefetch: true, limit: AHEAD })),
  sign: async (instanceIds) =>
    (await client.study.signObjects.mutate({ studyId, instanceIds, isPrefetch: true })).objects,
  signPacks: async (packIds) =>
    asObjects(await client.study.signObjects.mutate({ studyId, instanceIds: [], packIds, isPrefetch: true })),
  async displayed() {},
});

/** The viewer's source: locators and short-lived URLs by tRPC; the bytes come straight from the object store. */
export const frameSource = (
  client: TRPCClient<AppRouter>,
  // What was opened: once it was corrected, nothing more of it comes.
  { studyId, servedVersion }: { studyId: string; servedVersion: number },
): FrameSource => ({
  instances: async (seriesId, after) =>
    asPage(await client.study.readSeries.query({ seriesId, servedVersion, ...(after ? { after } : {}) })),
  sign: async (instanceIds) =>
    (await client.study.signObjects.mutate({ studyId, instanceIds, servedVersion })).objects,
  signPacks: async (packIds) =>
    asObjects(await client.study.signObjects.mutate({ studyId, instanceIds: [], packIds, servedVersion })),
  async displayed(seriesId, frames) {
    await client.study.reportDisplayed.mutate({ studyId, seriesId, frames });
  },
});

import { Closed } from "#features/link/closed.tsx";
import { Images } from "#features/link/images.tsx";
import type { SignedPictures } from "#features/link/picture-watch.ts";
import { minePage } from "#server/mine-page.ts";

type Caller = Awaited<ReturnType<typeof minePage>>["caller"];

type Studies = readonly { studyId: string; series: { seriesId: string }[] }[];

/** Their addresses come with the page, so that they are fetched before anything else is asked for. */
async function signed(caller: Caller, studies: Studies): Promise<SignedPictures> {
  const all = await Promise.all(
    studies.map(({ studyId, series }) => {
      const seriesIds = series.map(({ seriesId }) => seriesId);
      // Without small pictures the page is as good, and asks for them itself.
      return caller.signPictures({ studyId, seriesIds }).catch(() => ({ pictures: [], awaited: seriesIds }));
    }),
  );
  return {
    pictures: all.flatMap(({ pictures }) => pictures),
    awaited: all.flatMap(({ awaited }) => awaited),
  };
}

export default async function ImagesPage() {
  const { caller, view } = await minePage();
  if ("closed" in view) return <Closed why={view.closed} />;
  const open = view.studies.flatMap((study) =>
    study.state === "open" && study.series.length > 0 ? [study] : [],
  );
  return <Images first={view} pictures={await signed(caller, open)} />;
}

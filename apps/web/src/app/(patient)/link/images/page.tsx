import { Closed } from "#features/link/closed.tsx";
import { Images } from "#features/link/images.tsx";
import { minePage } from "#server/mine-page.ts";

type Caller = Awaited<ReturnType<typeof minePage>>["caller"];

/** Their addresses come with the page, so that they are fetched before anything else is asked for. */
async function signed(
  caller: Caller,
  studies: readonly { studyId: string; series: { seriesId: string }[] }[],
) {
  const all = await Promise.all(
    studies.map(({ studyId, series }) =>
      caller
        .signPictures({ studyId, seriesIds: series.map(({ seriesId }) => seriesId) })
        // Without small pictures the page is as good.
        .catch(() => ({ pictures: [] })),
    ),
  );
  return all.flatMap(({ pictures }) => pictures);
}

export default async function ImagesPage() {
  const { caller, view } = await minePage();
  if ("closed" in view) return <Closed why={view.closed} />;
  const open = view.studies.flatMap((study) =>
    study.state === "open" && study.series.length > 0 ? [study] : [],
  );
  return <Images first={view} pictures={await signed(caller, open)} />;
}

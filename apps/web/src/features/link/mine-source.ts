import type { FrameSource, ViewerInstance } from "#viewer/contract.ts";
import { mine, type OpenStudy } from "./mine-client.ts";

/** The viewer's source for one study of a link: share objects of the link alone. `onRefused`: somebody said no just now. */
export function mineSource(
  { studyId, servedVersion }: Pick<OpenStudy, "studyId" | "servedVersion">,
  onRefused: () => void,
): FrameSource {
  const heard = <T>(asked: Promise<T>): Promise<T> =>
    asked.catch((error: unknown) => {
      onRefused();
      throw error;
    });
  const firstPages = new Map<string, ReturnType<FrameSource["instances"]>>();
  async function read(seriesId: string, after?: string) {
    const { instances, next } = await heard(
      mine.readSeries.query({ seriesId, servedVersion, ...(after ? { after } : {}) }),
    );
    return { instances: instances as ViewerInstance[], next };
  }
  return {
    // A first page that was asked for while the viewer's code was on its way is not asked for again.
    instances(seriesId, after) {
      if (after) return read(seriesId, after);
      const page = firstPages.get(seriesId) ?? read(seriesId);
      firstPages.set(seriesId, page);
      page.catch(() => firstPages.delete(seriesId));
      return page;
    },
    async sign(instanceIds) {
      const { objects } = await heard(mine.signImages.mutate({ studyId, instanceIds }));
      return objects.map((one) => ("gone" in one ? { ...one, code: "NOT_SERVED" as const } : one));
    },
    async displayed() {},
  };
}

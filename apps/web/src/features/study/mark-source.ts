import { type TRPCClient, TRPCClientError } from "@trpc/client";
import type { AppRouter } from "#server/routers/app.ts";
import { MarkRefused, type MarkSource } from "#viewer/annotations/contract.ts";

/** Our own code of what the server refused. */
async function refusing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const data: unknown = error instanceof TRPCClientError ? error.data : undefined;
    const weald = typeof data === "object" && data !== null && "weald" in data ? data.weald : undefined;
    const code =
      typeof weald === "object" && weald !== null && "code" in weald ? String(weald.code) : undefined;
    throw error instanceof Error && code ? new MarkRefused(error.message, code) : error;
  }
}

const ASK_EVERY_MS = 1000;
const MOST_ASKED = 60;
const pause = () => new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));

type Made = { studyId: string; uploadId: string; itemId: string };

async function outcomeOf(client: TRPCClient<AppRouter>, { studyId, uploadId, itemId }: Made) {
  for (let asked = 0; asked < MOST_ASKED; asked += 1) {
    const [found] = await client.annotation.readExport.query({ studyId, uploadId, itemIds: [itemId] });
    if (found) return { outcome: found.outcome, message: found.message };
    await pause();
  }
  return { outcome: "waiting", message: "It was sent, and is not taken in yet. Look again in a minute." };
}

/** The viewer's source of marks, by tRPC; what it makes of a study goes straight to the inbox. */
export const markSource = (
  client: TRPCClient<AppRouter>,
  studyId: string,
  said: Pick<MarkSource, "reader" | "patientLines" | "isDemonstration">,
): MarkSource => ({
  ...said,
  async takePicture(of) {
    await refusing(client.takeout.takePicture.mutate({ studyId, ...of }));
  },
  takeStudy: (of) => refusing(client.takeout.takeStudy.mutate({ studyId, ...of })),
  filesToTake: (of) => refusing(client.takeout.signFiles.mutate({ studyId, ...of })),
  list: () => client.annotation.listMarks.query({ studyId }),
  save: (mark) => refusing(client.annotation.saveMark.mutate({ studyId, ...mark })),
  async publish(markIds) {
    await refusing(client.annotation.publishMarks.mutate({ studyId, markIds }));
  },
  async withdraw(markId, isBack) {
    await refusing(client.annotation.withdrawMark.mutate({ studyId, markId, isBack }));
  },
  async finishRead() {
    await refusing(client.annotation.finishRead.mutate({ studyId }));
  },
  async makeView(view) {
    const markId = crypto.randomUUID();
    await refusing(client.annotation.saveMark.mutate({ studyId, markId, version: 0, content: view }));
    return new URL(`/studies/${studyId}?view=${markId}`, window.location.origin).href;
  },
  async send(object) {
    const files = [{ ref: "made", sizeBytes: object.length, kind: "dicom" as const }];
    const { uploadId, items } = await refusing(client.annotation.beginExport.mutate({ studyId, files }));
    const [item] = items;
    if (!item) throw new Error("Nothing could be sent.");
    const { url, method, headers } = item.put;
    const answer = await fetch(url, { method, headers, body: new Uint8Array(object) });
    if (!answer.ok) throw new Error("The object store did not take it. Try again.");
    return outcomeOf(client, { studyId, uploadId, itemId: item.itemId });
  },
});

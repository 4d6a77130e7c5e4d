import { setTimeout as wait } from "node:timers/promises";
import type { Ctx } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import * as Worklist from "@weald/core/worklist";

const BETWEEN_LOOKS_MS = 1000;

/** What one look took: the list, and from a row to the bytes of its first image. */
export type Look = { listMs: number; openMs: number };

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const began = performance.now();
  return [await work(), performance.now() - began];
}

async function firstImage(ctx: Ctx, studyId: string): Promise<void> {
  const opened = await Study.open(ctx, { studyId });
  const { instances } = await Study.readSeries(ctx, { seriesId: opened.series[0]?.seriesId ?? "" });
  const instanceIds = instances.slice(0, 1).map(({ instanceId }) => instanceId);
  const { objects } = await Study.signObjects(ctx, { studyId, instanceIds });
  const [object] = objects;
  if (!object || "gone" in object) throw new Error("an image of the list is gone");
  const answer = await fetch(object.url);
  if (!answer.ok) throw new Error(`the object store answered ${answer.status}`);
  await answer.arrayBuffer();
}

async function look(ctx: Ctx, turn: number): Promise<Look> {
  const [{ rows }, listMs] = await timed(() => Worklist.list(ctx, {}));
  const row = rows[turn % rows.length];
  if (!row) throw new Error("the list is empty");
  const [, openMs] = await timed(() => firstImage(ctx, row.studyId));
  return { listMs, openMs };
}

/** One who goes on looking: the list, then a study of it, until it is over. An error is kept, and the next look follows. */
export async function readOn(ctx: Ctx, isOver: () => boolean): Promise<{ looks: Look[]; errors: string[] }> {
  const looks: Look[] = [];
  const errors: string[] = [];
  for (let turn = 0; !isOver(); turn += 1) {
    await look(ctx, turn).then(
      (one) => looks.push(one),
      (error: unknown) =>
        errors.push(error instanceof Error ? `${error.name}: ${error.message}` : "no error"),
    );
    await wait(BETWEEN_LOOKS_MS);
  }
  return { looks, errors };
}

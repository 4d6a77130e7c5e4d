import { z } from "zod";
import { type Ctx, defineAction } from "../kernel/index.ts";
import {
  findManifestRows,
  findPackable,
  findSeriesToPack,
  type ManifestRow,
  type PackableInstance,
  type SeriesToPack,
} from "../study/index.ts";
import { mayPack } from "./packing.policy.ts";

const PACKABLE_PAGE = 500;
const MANIFEST_PAGE = 50;
const Asked = z.object({ seriesId: z.uuid(), after: z.uuid().optional() });

/** Each page in a transaction of its own: publishing sees to it that nothing changed between them. */
const readPackable = defineAction({
  name: "packing.read-packable",
  input: Asked,
  policy: mayPack,
  load: async () => null,
  async run(tx, { seriesId, after }) {
    const series = await findSeriesToPack(tx, seriesId);
    const rows = series ? await findPackable(tx, seriesId, { after, limit: PACKABLE_PAGE }) : [];
    return { series, rows };
  },
  audit: { how: "none" },
});

const readManifestRows = defineAction({
  name: "packing.read-manifest-rows",
  input: Asked,
  policy: mayPack,
  load: async () => null,
  run: (tx, { seriesId, after }) => findManifestRows(tx, seriesId, { after, limit: MANIFEST_PAGE }),
  audit: { how: "none" },
});

export type ReadToPack = { series: SeriesToPack; instances: PackableInstance[] };

/** All that is served of a settled series, without its headers. `undefined`: it isn't settled, or nothing of it is served. */
export async function readToPack(ctx: Ctx, seriesId: string): Promise<ReadToPack | undefined> {
  const first = await readPackable(ctx, { seriesId });
  if (!first.series) return undefined;
  const instances = [...first.rows];
  for (let count = first.rows.length; count === PACKABLE_PAGE; ) {
    const { rows } = await readPackable(ctx, { seriesId, after: instances.at(-1)?.id });
    instances.push(...rows);
    count = rows.length;
  }
  return { series: first.series, instances };
}

/** Page by page, so that memory holds the headers of fifty. */
export async function* manifestRows(ctx: Ctx, seriesId: string): AsyncGenerator<ManifestRow> {
  for (let after: string | undefined, isMore = true; isMore; ) {
    const rows = await readManifestRows(ctx, { seriesId, after });
    yield* rows;
    after = rows.at(-1)?.id;
    isMore = rows.length === MANIFEST_PAGE;
  }
}

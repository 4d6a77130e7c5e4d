import { Prisma } from "@weald/db";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { isServedInstance, isServedSeries } from "./served.store.ts";

const [e, i] = [Prisma.raw("e"), Prisma.raw("i")];

/** Where an instance is served, and as what version of it. */
export type ServedPlace = { seriesId: string; version: number };

/** Those of these instances that are served in this study now. */
export async function findPlaces(
  tx: Tx,
  studyId: string,
  instanceIds: readonly string[],
): Promise<Map<string, ServedPlace>> {
  const rows = await databaseOf(tx).$queryRaw<(ServedPlace & { id: string })[]>`
    SELECT i.id::text, e.id::text AS "seriesId", i.version + e.served_version AS version
    FROM series e CROSS JOIN LATERAL weald.instances_among(e.id, ${[...new Set(instanceIds)]}::uuid[]) i
    WHERE e.study_id = ${studyId}::uuid AND ${isServedSeries(e)} AND ${isServedInstance(i)}`;
  return new Map(rows.map(({ id, ...place }) => [id, place]));
}

/** How a study says it came about: procedure codes, institutions and stations, of one image a series. */
export async function findOrigin(
  tx: Tx,
  studyId: string,
): Promise<{ codes: string[]; sites: string[]; stations: string[] }> {
  const rows = await databaseOf(tx).$queryRaw<
    { code: string | null; site: string | null; station: string | null }[]
  >`
    SELECT DISTINCT c.item->'00080100'->'Value'->>0 AS code, h.header->'00080080'->'Value'->>0 AS site,
      h.header->'00081010'->'Value'->>0 AS station
    FROM (SELECT DISTINCT ON (e.id) i.header FROM series e CROSS JOIN LATERAL weald.instances_of(e.id) i
          WHERE e.study_id = ${studyId}::uuid AND ${isServedSeries(e)} AND ${isServedInstance(i)}
          ORDER BY e.id, i.instance_number NULLS LAST LIMIT 200) h
    LEFT JOIN LATERAL jsonb_array_elements(
      CASE WHEN jsonb_typeof(h.header->'00081032'->'Value') = 'array' THEN h.header->'00081032'->'Value' ELSE '[]' END
      || CASE WHEN jsonb_typeof(h.header->'00321064'->'Value') = 'array' THEN h.header->'00321064'->'Value' ELSE '[]' END) AS c(item) ON true`;
  const said = (values: (string | null)[]) => [
    ...new Set(values.flatMap((one) => (one ? [one.trim()] : []))),
  ];
  return {
    codes: said(rows.map(({ code }) => code)),
    sites: said(rows.map(({ site }) => site)),
    stations: said(rows.map(({ station }) => station)),
  };
}

/** What an image says that decides whether its pixels may name the patient. */
export async function findPictureSays(
  tx: Tx,
  studyId: string,
  instanceId: string,
): Promise<{ burnedIn: string | undefined; modality: string | undefined; sopClassUid: string } | undefined> {
  const [row] = await databaseOf(tx).$queryRaw<
    { burnedIn: string | null; modality: string; sopClassUid: string }[]
  >`
    SELECT i.header->'00280301'->'Value'->>0 AS "burnedIn", e.modality, i.sop_class_uid AS "sopClassUid"
    FROM series e CROSS JOIN LATERAL weald.instances_among(e.id, ARRAY[${instanceId}::uuid]) i
    WHERE e.study_id = ${studyId}::uuid AND ${isServedSeries(e)} AND ${isServedInstance(i)}`;
  return row && { ...row, burnedIn: row.burnedIn?.trim() || undefined };
}

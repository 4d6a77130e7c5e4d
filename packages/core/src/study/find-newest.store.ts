import { limitOf, Prisma } from "@weald/db";
import type { Query } from "@weald/dicom";
import { dateConditions, namedBy } from "./find-conditions.store.ts";

/**
 * Of a name the newest so many are taken before each is asked who may see it, and which copy stands for it: of a family's thousands that would
 * take twenty times as long as finding them, which an index of names and days does by itself. Where these don't fill a page all are asked.
 */
const NEWEST = 2000;
const study = Prisma.raw("s");
const NEWEST_FIRST = Prisma.sql`study_date DESC NULLS LAST, id DESC`;

type Named = { query: Query; custodian: string | undefined; limit: number };

const NAME = "00100010";
const DATE = "00080020";

/** Where a search by a name and, if at all, days begins: `n` has `id`, `study_date`, and in `newest` how many were taken. */
export function newestOfName({ query, custodian, limit }: Named): Prisma.Sql | undefined {
  const { matches, moments, offset } = query;
  const isByNameAndDay = matches.every(
    ({ path: [tag], level }) => level === "study" && (tag === NAME || tag === DATE),
  );
  const [name, ...more] = matches.filter(({ path }) => path.length === 1 && path[0] === NAME);
  const ways = name && namedBy(study, name);
  if (!ways || more.length > 0 || !isByNameAndDay || moments.length > 0 || limit + offset >= NEWEST)
    return undefined;
  const also = [
    ...dateConditions(query, Prisma.sql`s.study_date`),
    ...(custodian ? [Prisma.sql`s.custodian = ${custodian}`] : []),
  ];
  const found = ways.map(
    (way) => Prisma.sql`(SELECT s.id, s.study_date FROM study s WHERE ${Prisma.join([way, ...also], " AND ")}
      ORDER BY s.study_date DESC NULLS LAST, s.id DESC ${limitOf(NEWEST)})`,
  );
  return Prisma.sql`(SELECT t.id, t.study_date, count(*) OVER ()::int AS newest FROM (
      SELECT id, study_date FROM (${Prisma.join(found, " UNION ALL ")}) u ORDER BY ${NEWEST_FIRST} ${limitOf(NEWEST)}) t
    ORDER BY t.study_date DESC NULLS LAST, t.id DESC) n`;
}

/** Whether a page that was taken from the newest is the one that all of them would give: it is full, or there are no more of them. */
export const isWhole = ([first]: readonly { found: number; newest: number }[], limit: number): boolean =>
  first !== undefined && (first.found > limit || first.newest < NEWEST);

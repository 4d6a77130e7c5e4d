import { Prisma, unweighed } from "@weald/db";
import type { Match, MomentMatch, Query, QueryLevel, Range, Test } from "@weald/dicom";
import { isServedSeries } from "./served.store.ts";

/** The data set of a row as it is served, by level; `s`, `c`: study, `e`: series, `i`: instance, `o`: its overlay. */
export const SERVED = {
  study: (study: Prisma.Sql) => Prisma.sql`(${study}.attributes || ${study}.overlaid)`,
  series: (study: Prisma.Sql) => Prisma.sql`(e.attributes || ${study}.overlaid || e.overlaid)`,
  instance: (study: Prisma.Sql) =>
    Prisma.sql`(i.header || ${study}.overlaid || e.overlaid || coalesce(o.attributes, '{}'))`,
} as const;

const pathOf = (path: readonly string[], rest = "") =>
  `$${path.map((tag) => `."${tag}".Value[*]`).join("")}${rest}`;

/** `*` and `?` to LIKE's own signs. */
export const likePattern = (pattern: string): string =>
  pattern
    .replace(/[\\%_]/g, (sign) => `\\${sign}`)
    .replaceAll("*", "%")
    .replaceAll("?", "_");

const never = Prisma.sql`false`;
const all = (conditions: readonly Prisma.Sql[]) =>
  conditions.length === 0 ? Prisma.sql`true` : Prisma.sql`(${Prisma.join([...conditions], " AND ")})`;

function within(value: Prisma.Sql, range: Range, bound: (text: string) => Prisma.Sql): Prisma.Sql {
  return all([
    ...(range.from === undefined ? [] : [Prisma.sql`${value} >= ${bound(range.from)}`]),
    ...(range.to === undefined ? [] : [Prisma.sql`${value} <= ${bound(range.to)}`]),
  ]);
}
const asText = (text: string) => Prisma.sql`${text}::text COLLATE "C"`;

/** A name as it is compared: capitals, without empty components behind. */
const capitals = (text: string) => text.toUpperCase();
const likeName = (group: Prisma.Sql, pattern: string) =>
  Prisma.sql`upper(rtrim(${group}, '^ ') COLLATE "pg_unicode_fast") LIKE ${likePattern(capitals(pattern))}`;

const GROUPS = ["Alphabetic", "Ideographic", "Phonetic"] as const;
const groupsOf = (value: Prisma.Sql) =>
  GROUPS.map((group) => Prisma.sql`${value} ->> ${Prisma.raw(`'${group}'`)}`);

function likeGroups(value: Prisma.Sql, groups: readonly string[]): Prisma.Sql {
  const [one = ""] = groups;
  const texts = groupsOf(value);
  if (groups.length === 1)
    return Prisma.sql`(${Prisma.join(
      texts.map((text) => likeName(text, one)),
      " OR ",
    )})`;
  return all(groups.flatMap((group, at) => (group && texts[at] ? [likeName(texts[at], group)] : [])));
}

const isBegin = (word: string) => /[*?]$/.test(word);

/** Accents, signs and case apart; a word that ends in `*` may go on. */
const hasWords = (words: Prisma.Sql, wanted: readonly string[]): Prisma.Sql =>
  all(
    wanted.map(
      (word) =>
        Prisma.sql`${words} LIKE '% ' || weald.name_key(${word}) || ${isBegin(word) ? "%" : " %"}::text`,
    ),
  );

const longestOf = (wanted: readonly string[]): string | undefined =>
  wanted.filter((word) => /[\p{L}\p{N}]/u.test(word)).sort((a, b) => b.length - a.length)[0];

/** Names that have a word of those wanted, by the index of words: the longest, as the fewest names have that. */
function hasNameOfWords(study: Prisma.Sql, wanted: readonly string[]): Prisma.Sql {
  const longest = longestOf(wanted);
  const has = hasWords(Prisma.sql`${study}.patient_words`, wanted);
  if (longest === undefined) return has;
  const isWord = isBegin(longest)
    ? Prisma.sql`n.word ^@ weald.name_key(${longest})`
    : Prisma.sql`n.word = weald.name_key(${longest})`;
  return Prisma.sql`(${study}.patient_words IN (SELECT n.words FROM name_word n WHERE ${isWord} AND ${hasWords(Prisma.sql`n.words`, wanted)}) AND ${has})`;
}

function meets(test: Test): Prisma.Sql {
  const text = Prisma.sql`(v.value #>> '{}')`;
  switch (test.kind) {
    case "any":
      return Prisma.sql`${text} = ANY (${[...test.values]}::text[])`;
    case "like":
      return Prisma.sql`${text} LIKE ${likePattern(test.pattern)}`;
    case "number":
      return Prisma.sql`v.value = to_jsonb(${test.value}::numeric)`;
    case "date":
      return within(Prisma.sql`weald.da_text(${text})`, test.range, asText);
    case "time":
      return within(Prisma.sql`weald.tm_text(${text})`, test.range, asText);
    case "moment":
      return within(
        Prisma.sql`weald.dt_instant(${text})`,
        test.range,
        (bound) => Prisma.sql`weald.dt_instant(${bound})`,
      );
    case "name":
      return likeGroups(Prisma.sql`v.value`, test.groups);
    case "words":
      return hasWords(
        Prisma.sql`weald.name_words(concat_ws('=', ${Prisma.join(groupsOf(Prisma.sql`v.value`))}))`,
        test.words,
      );
  }
}

/** Any value at the path, in any item of its sequences. @see DICOM PS3.4 §C.2.2.2.6 (sequence matching) */
const inDataset = (dataset: Prisma.Sql, { path, test }: Match): Prisma.Sql =>
  Prisma.sql`EXISTS (SELECT 1 FROM jsonb_path_query(${dataset}, ${pathOf(path)}::jsonpath) AS v(value) WHERE ${meets(test)})`;

/** A name's letters as they are compared, and the part of a pattern that stands fast. */
function begun(pattern: string): { wanted: string; begin: string } {
  const wanted = capitals(pattern);
  const [begin = ""] = /^[^*?]*/.exec(wanted) ?? [];
  return { wanted, begin };
}

/** By the column that an index has; and of the few that have one, by the name in other letters. */
function namesOf(study: Prisma.Sql, match: Match, pattern: string): { own: Prisma.Sql; other: Prisma.Sql } {
  const { wanted, begin } = begun(pattern);
  const own =
    begin === wanted
      ? Prisma.sql`${study}.patient_name = ${wanted}`
      : Prisma.sql`(${study}.patient_name ^@ ${begin} AND ${study}.patient_name LIKE ${likePattern(wanted)})`;
  const other = Prisma.sql`(${study}.patient_name_other IS NOT NULL AND ${inDataset(SERVED.study(study), match)})`;
  return { own, other };
}

function patientName(study: Prisma.Sql, match: Match): Prisma.Sql {
  const { test } = match;
  if (test.kind === "words") return hasNameOfWords(study, test.words);
  const [pattern = ""] = test.kind === "name" ? test.groups : [];
  if (test.kind !== "name" || test.groups.length > 1) return inDataset(SERVED.study(study), match);
  const { own, other } = namesOf(study, match, pattern);
  return Prisma.sql`(${own} OR ${other})`;
}

/**
 * The same as conditions of which no row meets two, each of them found by an index of names alone: `study_named_idx`, `study_worded_idx`.
 * `undefined`: it is no name, or one of which nothing stands fast.
 */
export function namedBy(study: Prisma.Sql, match: Match): Prisma.Sql[] | undefined {
  const { test } = match;
  if (test.kind === "words")
    return longestOf(test.words) === undefined ? undefined : [hasNameOfWords(study, test.words)];
  const [pattern = "", ...others] = test.kind === "name" ? test.groups : [];
  if (others.length > 0 || begun(pattern).begin === "") return undefined;
  const { own, other } = namesOf(study, match, pattern);
  return [own, Prisma.sql`${other} AND (${own}) IS NOT TRUE`];
}

const isoDate = (text: string) => Prisma.sql`to_date(${text}, 'YYYYMMDD')`;
const digits = (values: readonly string[]) => values.map((value) => value.replace(/\s/g, ""));

const hasNhsNumber = (study: Prisma.Sql, values: readonly string[]) =>
  Prisma.sql`${study}.patient_record_id IN (SELECT n.id FROM patient_record n WHERE n.nhs_number = ANY (${digits(values)}::text[]))`;

type Special = (study: Prisma.Sql, match: Match, matches: readonly Match[]) => Prisma.Sql;

const anyOf =
  (column: (study: Prisma.Sql) => Prisma.Sql, level: QueryLevel): Special =>
  (study, match) =>
    match.test.kind === "any"
      ? Prisma.sql`${column(study)} = ANY (${[...match.test.values]}::text[])`
      : match.test.kind === "like"
        ? Prisma.sql`${column(study)} LIKE ${likePattern(match.test.pattern)}`
        : inDataset(SERVED[level](study), match);

const NHS = "NHS";
const isNhs = (match: Match | undefined) =>
  match?.test.kind === "any" && match.test.values.length === 1 && match.test.values[0] === NHS;
const issuerIn = (matches: readonly Match[]) =>
  matches.find(({ path }) => path.length === 1 && path[0] === "00100021");

/** What stands in a column of its own, where an index can serve it, or is worked out. By the path's tags. */
const SPECIAL: Readonly<Record<string, Special>> = {
  "0020000D": anyOf((study) => Prisma.sql`${study}.study_instance_uid`, "study"),
  "00081030": anyOf((study) => Prisma.sql`${study}.description`, "study"),
  "00080050": anyOf((study) => Prisma.sql`${study}.accession_number`, "study"),
  "00080020": (study, match, matches) => {
    if (match.test.kind !== "date") return never;
    const days = within(Prisma.sql`${study}.study_date`, match.test.range, isoDate);
    return modalityIn(matches) === undefined ? days : unweighed(days);
  },
  "00100010": (study, match) => patientName(study, match),
  "00100020": (study, match, matches) =>
    isNhs(issuerIn(matches)) && match.test.kind === "any"
      ? hasNhsNumber(study, match.test.values)
      : anyOf(() => Prisma.sql`${study}.patient_number`, "study")(study, match, matches),
  // A local number's issuer is its trust, where the object doesn't say another.
  "00100021": (study, match, matches) =>
    isNhs(match) && matches.some(({ path }) => path[0] === "00100020")
      ? Prisma.sql`true`
      : anyOf(
          () => Prisma.sql`coalesce(${SERVED.study(study)} #>> '{00100021,Value,0}', ${study}.custodian)`,
          "study",
        )(study, match, matches),
  "00101002.00100020": (study, match) =>
    match.test.kind === "any"
      ? Prisma.sql`(${hasNhsNumber(study, match.test.values)} OR ${inDataset(SERVED.study(study), match)})`
      : inDataset(SERVED.study(study), match),
  // Of one modality the facet is where the search begins. Of several by the series: an index on an array can't be used under row-level security.
  "00080061": (study, { test }) =>
    test.kind === "any"
      ? test.values.length === 1
        ? unweighed(Prisma.sql`${test.values[0]} = ANY (${study}.modalities)`)
        : Prisma.sql`${study}.id IN (SELECT m.study_id FROM series m WHERE m.modality = ANY (${[...test.values]}::text[]) AND ${isServedSeries(Prisma.raw("m"))})`
      : test.kind === "like"
        ? Prisma.sql`EXISTS (SELECT 1 FROM unnest(${study}.modalities) AS m(modality) WHERE m.modality LIKE ${likePattern(test.pattern)})`
        : never,
  "00080060": (study, match, matches) => {
    const isIt = anyOf(() => Prisma.sql`e.modality`, "series")(study, match, matches);
    return modalityIn(matches) === undefined ? isIt : unweighed(isIt);
  },
  "0020000E": anyOf(() => Prisma.sql`e.series_instance_uid`, "series"),
  // By the series: what is folded is found by the key of its UID alone.
  "00080018": (study, match) => {
    const isIt = anyOf(() => Prisma.sql`i.sop_instance_uid`, "instance")(study, match, []);
    return match.test.kind === "any"
      ? Prisma.sql`(e.id IN (SELECT h.id FROM weald.series_holding(${[...match.test.values]}::text[]) AS h(id)) AND ${isIt})`
      : isIt;
  },
  "00080016": anyOf(() => Prisma.sql`i.sop_class_uid`, "instance"),
};

function moment(study: Prisma.Sql, { date, time, level, range }: MomentMatch): Prisma.Sql {
  const first = (tag: string) =>
    Prisma.sql`(${SERVED[level](study)} #>> ${Prisma.raw(`'{${tag},Value,0}'`)})`;
  const said = Prisma.sql`(weald.da_text(${first(date)}) || coalesce(weald.tm_text(${first(time)}), '000000.000000'))`;
  return within(said, range, asText);
}

/** The one modality that is asked for, of studies or of series. */
export const modalityOf = ({ matches }: Query): string | undefined => modalityIn(matches);

function modalityIn(matches: readonly Match[]): string | undefined {
  const asked = matches.flatMap(({ path: [tag, ...rest], test }) =>
    (tag === "00080061" || tag === "00080060") && rest.length === 0 && test.kind === "any"
      ? [test.values]
      : [],
  );
  const [first] = asked;
  return asked.length === 1 && first?.length === 1 ? first[0] : undefined;
}

/** What is asked of Study Date, of another column that says the same. */
export const dateConditions = ({ matches }: Query, column: Prisma.Sql): Prisma.Sql[] =>
  matches.flatMap(({ path, test }) =>
    path.length === 1 && path[0] === "00080020" && test.kind === "date"
      ? [within(column, test.range, isoDate)]
      : [],
  );

/** The conditions of a query at one level, on a row `study` and, below it, on `e` and `i`. */
export function matchConditions(query: Query, level: QueryLevel, study: Prisma.Sql): Prisma.Sql[] {
  const here = query.matches.filter((match) => match.level === level);
  return [
    ...here.map((match) => {
      const special = SPECIAL[match.path.join(".")];
      return special ? special(study, match, query.matches) : inDataset(SERVED[level](study), match);
    }),
    ...query.moments.filter((one) => one.level === level).map((one) => moment(study, one)),
  ];
}

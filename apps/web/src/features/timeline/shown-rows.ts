import type { Outputs } from "#features/shell/trpc.tsx";

export type Row = Outputs["timeline"]["read"]["rows"][number];

/** What is chosen of a timeline. Filters stand in the address, so that Back brings the same rows. */
export type Chosen = { modality: string; region: string };

const SIMPLE = /^[A-Za-z ]{2,24}$/;

export function chosenIn(search: URLSearchParams): Chosen {
  const read = (name: string) => {
    const value = search.get(name) ?? "";
    return SIMPLE.test(value) ? value : "";
  };
  return { modality: read("modality"), region: read("region") };
}

export function searchOf({ modality, region }: Chosen): string {
  const search = new URLSearchParams();
  if (modality) search.set("modality", modality);
  if (region) search.set("region", region);
  const text = search.toString();
  return text ? `?${text}` : "";
}

export const shownOf = (rows: readonly Row[], { modality, region }: Chosen): Row[] =>
  rows.filter(
    (row) =>
      (modality === "" || row.modalities.includes(modality)) &&
      (region === "" || row.regions.some((one) => one === region)),
  );

export type Choices = { modalities: string[]; regions: string[] };

/** What there is to choose: only what some row has. */
export const choicesOf = (rows: readonly Row[]): Choices => ({
  modalities: [...new Set(rows.flatMap(({ modalities }) => modalities))].sort(),
  regions: [...new Set(rows.flatMap(({ regions }) => regions))].sort(),
});

export type Year = { year: string; rows: Row[] };

/** In the order of the rows: the newest year first, what has no date last. */
export function yearsOf(rows: readonly Row[]): Year[] {
  const years: Year[] = [];
  for (const row of rows) {
    const year = row.studyDate?.slice(0, 4) ?? "No date";
    const last = years.at(-1);
    if (last?.year === year) last.rows.push(row);
    else years.push({ year, rows: [row] });
  }
  return years;
}

/** The newer is read, the older stands beside it. */
export function compareHref(one: Row, other: Row): string {
  const isNewer = (one.studiedAt ?? one.studyDate ?? "") >= (other.studiedAt ?? other.studyDate ?? "");
  const [current, prior] = isNewer ? [one, other] : [other, one];
  return `/studies/${current.studyId}?prior=${prior.studyId}`;
}

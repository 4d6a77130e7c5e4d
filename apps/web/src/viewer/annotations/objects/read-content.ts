import type { Header } from "../../contract.ts";
import { items, meaning, number, numbers, text } from "../../header.ts";

/** An image that a document speaks of: where to go. */
export type Pointed = {
  seriesInstanceUid: string | undefined;
  sopInstanceUid: string;
  frame: number;
  /** What is said of it: values with their unit, a note. */
  says: string;
};

const child = (item: Header) => items(item, "0040A730");
const nameOf = (item: Header) => meaning(items(item, "0040A043")[0]);
const typeOf = (item: Header) => text(item, "0040A040");

/** Which series each object is of, as the document's evidence says. @see DICOM PS3.3 §C.17.2 */
function seriesByInstance(document: Header): Map<string, string> {
  const found = new Map<string, string>();
  for (const tag of ["0040A375", "0040A385", "00081115"])
    for (const study of tag === "00081115" ? [document] : items(document, tag))
      for (const series of items(study, "00081115"))
        for (const each of [...items(series, "00081199"), ...items(series, "00081140")])
          found.set(text(each, "00081155") ?? "", text(series, "0020000E") ?? "");
  return found;
}

/** "Length 12.3 mm", of a numeric item. */
function measuredText(item: Header): string {
  const [measured] = items(item, "0040A300");
  const unit = measured && items(measured, "004008EA")[0];
  const [name, value] = [nameOf(item) ?? "Value", measured && number(measured, "0040A30A")];
  return `${name} ${value === undefined ? "?" : Math.round(value * 10) / 10} ${meaning(unit) ?? ""}`.trim();
}

type Here = { says: string; note: string };

/** Every image of a tree with what stands nearest to it: values above it, else the text beside it. */
function walk(item: Header, here: Here, found: Omit<Pointed, "seriesInstanceUid">[]): void {
  if (typeOf(item) === "IMAGE") {
    const [reference] = items(item, "00081199");
    const sopInstanceUid = reference && text(reference, "00081155");
    const frame = (reference && numbers(reference, "00081160")[0]) ?? 1;
    if (sopInstanceUid) found.push({ sopInstanceUid, frame, says: here.says || here.note });
    return;
  }
  const says = typeOf(item) === "NUM" ? measuredText(item) : here.says;
  const texts = child(item).flatMap((one) => (typeOf(one) === "TEXT" ? [text(one, "0040A160") ?? ""] : []));
  const note = texts.find((one) => one && !one.startsWith("Cornerstone")) ?? here.note;
  for (const one of child(item)) walk(one, { says, note }, found);
}

/** Where a structured report or key objects point, each image once, with all that is said of it. */
export function pointedIn(document: Header): Pointed[] {
  const found: Omit<Pointed, "seriesInstanceUid">[] = [];
  walk(document, { says: "", note: "" }, found);
  const series = seriesByInstance(document);
  const byImage = new Map<string, Pointed>();
  for (const each of found) {
    const key = `${each.sopInstanceUid}/${each.frame}`;
    const was = byImage.get(key);
    const says = [...new Set([was?.says, each.says].filter(Boolean))].join(", ");
    byImage.set(key, { ...each, says, seriesInstanceUid: series.get(each.sopInstanceUid) });
  }
  return [...byImage.values()];
}

const textsOf = (annotation: Header): string[] =>
  items(annotation, "00700008").flatMap((object) => text(object, "00700006") ?? []);

/**
 * The images of a presentation state, each with the words that somebody wrote on it.
 *
 * @see DICOM PS3.3 §C.11.11 (Presentation State Relationship), §C.10.5 (Graphic Annotation)
 */
export function pointedByState(state: Header): Pointed[] {
  const annotations = items(state, "00700001");
  return items(state, "00081115").flatMap((series) =>
    items(series, "00081140").map((image) => {
      const sopInstanceUid = text(image, "00081155") ?? "";
      const said = annotations.filter((one) => {
        const of = items(one, "00081140");
        return of.length === 0 || of.some((each) => text(each, "00081155") === sopInstanceUid);
      });
      return {
        seriesInstanceUid: text(series, "0020000E"),
        sopInstanceUid,
        frame: numbers(image, "00081160")[0] ?? 1,
        says: said.flatMap(textsOf).join(", "),
      };
    }),
  );
}

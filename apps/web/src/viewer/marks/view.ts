import type { Header } from "../contract.ts";
import { items, meaning, text } from "../header.ts";

/** What of a mammogram one sees, and how it was taken. From codes and View Position; words only ever take an image out. */
export type View = {
  view?: string | undefined;
  /** The code says one view, View Position another. */
  doubt?: string | undefined;
  extras: readonly string[];
  isDisplaced: boolean;
  kind: "image" | "tomosynthesis" | "synthetic" | "specimen";
};

/** @see DICOM PS3.16 CID 4014 (View for Mammography), by SNOMED CT and by SNOMED RT */
const VIEWS: Record<string, string> = {
  "399260004": "ML",
  "R-10224": "ML",
  "399368009": "MLO",
  "R-10226": "MLO",
  "399352003": "LM",
  "R-10228": "LM",
  "399099002": "LMO",
  "R-10230": "LMO",
  "399162004": "CC",
  "R-10242": "CC",
  "399196006": "FB",
  "R-10244": "FB",
  "399188001": "SIO",
  "R-102D0": "SIO",
  "441555000": "ISO",
  "R-40AAA": "ISO",
  "399192008": "XCCL",
  "R-1024A": "XCCL",
  "399101009": "XCCM",
  "R-1024B": "XCCM",
};
const SPECIMEN = new Set(["127457009", "G-8310"]);

/** @see DICOM PS3.16 CID 4015 (View Modifier for Mammography) */
const MODIFIERS: Record<string, string> = {
  "399163009": "magnified",
  "R-102D6": "magnified",
  "399055006": "spot compression",
  "R-102D7": "spot compression",
  "399197002": "rolled",
  "R-102D3": "rolled",
  "399226006": "rolled",
  "R-102D4": "rolled",
  "414493004": "rolled",
  "R-102CA": "rolled",
  "415670009": "rolled",
  "R-102C9": "rolled",
  "399110001": "tangential",
  "R-102C2": "tangential",
  "399161006": "cleavage",
  "R-102D2": "cleavage",
  "399011000": "axillary tail",
  "R-102D1": "axillary tail",
};
const DISPLACED = new Set(["399209000", "R-102D5"]);
/** What changes nothing of the place where a view hangs. */
const PLAIN = new Set(["442581004", "R-40AB3", "442580003", "R-40AB2", "442593008", "R-40ABE"]);

const TOMOSYNTHESIS = "1.2.840.10008.5.1.4.1.1.13.1.3";

/** "RCC", "LMLO" and the like: some senders write the side before the view. */
const plainPosition = (said: string | undefined): string | undefined =>
  said?.toUpperCase().replace(/^[RL](?=CC$|ML)/, "");

function extrasOf(modifiers: readonly Header[], header: Header): string[] {
  const coded = modifiers.flatMap((one) => {
    const value = text(one, "00080100") ?? "";
    if (DISPLACED.has(value) || PLAIN.has(value)) return [];
    // One that isn't known is none of which a plain view could be made.
    return [MODIFIERS[value] ?? meaning(one) ?? "modified"];
  });
  return text(header, "00281350") === "YES" ? [...coded, "part of the breast"] : coded;
}

function kindOf(header: Header, code: string, sopClassUid: string): View["kind"] {
  const words = `${text(header, "0008103E") ?? ""} ${text(header, "00181030") ?? ""}`;
  if (SPECIMEN.has(code) || items(header, "00400560").length > 0 || /specimen/i.test(words))
    return "specimen";
  if (sopClassUid === TOMOSYNTHESIS) return "tomosynthesis";
  const types = (header["00080008"]?.Value ?? []).map(String);
  return types.includes("GENERATED_2D") ? "synthetic" : "image";
}

export function viewOf(header: Header, sopClassUid: string): View {
  const [viewCode] = items(header, "00540220");
  const code = (viewCode && text(viewCode, "00080100")) ?? "";
  const modifiers = viewCode ? items(viewCode, "00540222") : [];
  const [coded, said] = [VIEWS[code], plainPosition(text(header, "00185101"))];
  const isAtOdds =
    coded !== undefined && said !== undefined && said !== coded && Object.values(VIEWS).includes(said);
  return {
    view: coded ?? said,
    ...(isAtOdds ? { doubt: `the coded view is ${coded}, View Position says ${said}` } : {}),
    extras: extrasOf(modifiers, header),
    isDisplaced: modifiers.some((one) => DISPLACED.has(text(one, "00080100") ?? "")),
    kind: kindOf(header, code, sopClassUid),
  };
}

/** What an image is called by its view: letters away from tissue, in the viewport's corner. */
export function viewText({ view, extras, isDisplaced, kind }: View): string | undefined {
  const words = [
    kind === "synthetic" ? "SYNTHETIC" : "",
    kind === "tomosynthesis" ? "TOMOSYNTHESIS" : "",
    kind === "specimen" ? "SPECIMEN" : "",
    isDisplaced ? "implant displaced" : "",
    ...extras,
  ].filter(Boolean);
  const all = [view, ...words].filter(Boolean).join(", ");
  return all || undefined;
}

/** The slab of a tomosynthesis frame: "slab 12 of 60, 1.0 mm". Thickness as the object says it, or nothing of it. */
export function slabText(header: Header, frame: number, frames: number): string {
  const [shared] = items(header, "52009229");
  const perFrame = items(header, "52009230")[frame - 1];
  const measures = [perFrame, shared].flatMap((group) => (group ? items(group, "00289110") : []));
  const thickness = [...measures, header].map((one) => Number(text(one, "00180050"))).find((mm) => mm > 0);
  return `slab ${frame} of ${frames}${thickness ? `, ${thickness.toFixed(1)} mm` : ""}`;
}

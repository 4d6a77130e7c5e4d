/** A side as request, images and report each say it (clinical page §8). */
export type SideSaid = {
  /** Sides that the images' coded attributes name. */
  images: ("L" | "R")[];
  request: "L" | "R" | "B" | undefined;
  /** The one side that the report's words name; both or none: undefined. */
  report: "L" | "R" | undefined;
  /** The sentence that stands on timeline and lists; without one nothing disagrees. */
  warning: string | undefined;
};

const WORD = { L: "left", R: "right", B: "both sides" } as const;

const letters = (laterality: string | undefined): ("L" | "R")[] =>
  laterality === "B" ? ["L", "R"] : laterality === "L" || laterality === "R" ? [laterality] : [];

export const sideIn = (laterality: string | undefined): "L" | "R" | "B" | undefined =>
  laterality === "L" || laterality === "R" || laterality === "B" ? laterality : undefined;

/** The one side that a text names. Two, or none, say nothing that could disagree. */
export function sideNamed(text: string): "L" | "R" | undefined {
  const [left, right] = [/\bleft\b/i.test(text), /\bright\b/i.test(text)];
  if (left === right || /\b(bilateral|both)\b/i.test(text)) return undefined;
  return left ? "L" : "R";
}

/** Both together where images of both are there. */
const sideOfImages = (images: readonly ("L" | "R")[]): "L" | "R" | "B" | undefined => {
  const sides = new Set(images);
  if (sides.size === 2) return "B";
  return images[0];
};

type Asked = {
  lateralities: readonly (string | undefined)[];
  request: string | undefined;
  reportText: string | undefined;
  isPaired: boolean;
};

function warningOf(said: Omit<SideSaid, "warning">, isPaired: boolean): string | undefined {
  const images = sideOfImages(said.images);
  const words = [
    ...(said.request ? [`the request says ${WORD[said.request]}`] : []),
    ...(images ? [`the images say ${WORD[images]}`] : []),
    ...(said.report ? [`the report says ${WORD[said.report]}`] : []),
  ];
  const differs = (a: string | undefined, b: string | undefined) =>
    a !== undefined && b !== undefined && a !== b;
  const isReportOff = (one: string | undefined) => one !== "B" && differs(one, said.report);
  if (differs(said.request, images) || isReportOff(images) || isReportOff(said.request))
    return `Side? ${words.join(", ").replace(/^t/, "T")}.`;
  if (isPaired && !images) return "Side? The images don't say which side this is.";
  return undefined;
}

/** What is said of a study's side, and whether it agrees. A report's words are held against a paired part alone. */
export function sideOf({ lateralities, request, reportText, isPaired }: Asked): SideSaid {
  const said = {
    images: [...new Set(lateralities.flatMap(letters))].sort(),
    request: sideIn(request),
    report: isPaired && reportText ? sideNamed(reportText) : undefined,
  };
  return { ...said, warning: isPaired ? warningOf(said, isPaired) : undefined };
}

import { z } from "zod";

/** Text of a person: without control characters, trimmed. It may name a patient, so it never leaves the database in a log. */
const words = (longest: number) => z.string().trim().max(longest);
const finite = z.number().finite();

/** A place in an image, in pixels from the top left corner of its first one, whose middle is (0.5, 0.5). @see DICOM PS3.3 §C.18.6 */
export const Place = z.object({
  column: finite.min(-100_000).max(100_000),
  row: finite.min(-100_000).max(100_000),
});
export type Place = z.output<typeof Place>;

/** How many places each tool has. */
export const PLACES_OF = { length: 2, bidirectional: 4, angle: 3, ellipse: 4, probe: 1, arrow: 2 } as const;
export type MarkTool = keyof typeof PLACES_OF;
const TOOLS = ["length", "bidirectional", "angle", "ellipse", "probe", "arrow"] as const;

/** One value as it was shown, with its unit. Never worked out again from another scale. */
export const ShownValue = z.object({ name: words(40).min(1), value: finite, unit: words(30) });

const Shape = z
  .object({
    kind: z.enum(["measurement", "arrow"]),
    tool: z.enum(TOOLS),
    places: z.array(Place).max(4),
    label: words(200).default(""),
    /** As they stood beside the drawing. Empty where there was no scale: then `source` says why. */
    values: z.array(ShownValue).max(12).default([]),
    /** Where the scale comes from, or why there is none. */
    source: words(200).default(""),
  })
  .refine(({ tool, places }) => places.length === PLACES_OF[tool], { message: "places", path: ["places"] })
  .refine(({ kind, tool }) => (kind === "arrow") === (tool === "arrow"), { message: "kind", path: ["kind"] });

const KeyImage = z.object({ kind: z.literal("key-image"), note: words(1000).default("") });

/** One viewport of a view: ids and geometry, nothing of a patient. */
const Pane = z.object({
  studyId: z.uuid(),
  seriesId: z.uuid(),
  /** Of these images of the series alone, and at which edge they stand. */
  instanceIds: z.array(z.uuid()).max(200).nullish(),
  flush: z.enum(["left", "right"]).nullish(),
  instanceId: z.uuid().nullish(),
  frame: z.number().int().min(1).max(100_000).nullish(),
  window: z.object({ center: finite, width: finite }).nullish(),
  isInverted: z.boolean().nullish(),
  zoom: finite.positive().nullish(),
  /** Where the middle of the viewport lies in the image. */
  middle: Place.nullish(),
});

export const View = z.object({
  kind: z.literal("view"),
  rows: z.number().int().min(1).max(4),
  columns: z.number().int().min(1).max(4),
  active: z.number().int().min(0).max(15),
  panes: z.array(Pane.nullable()).min(1).max(16),
});
export type View = z.output<typeof View>;

/** What a mark says. A measurement, arrow or key image is of one frame; a view of a whole study. */
export const MarkContent = z.union([Shape, KeyImage, View]);
export type MarkContent = z.output<typeof MarkContent>;
export type MarkKind = MarkContent["kind"];
export const MARK_KINDS = ["measurement", "arrow", "key-image", "view"] as const;

/** On which frame, of what was served as this version. */
export const MarkedFrame = z.object({
  instanceId: z.uuid(),
  instanceVersion: z.number().int().min(0),
  frame: z.number().int().min(1).max(100_000),
});
export type MarkedFrame = z.output<typeof MarkedFrame>;

/** Its author's alone, then everybody's who may read the study, then taken back. Nothing is deleted. */
export type MarkState = "draft" | "published" | "withdrawn";

export type Mark = {
  id: string;
  studyId: string;
  custodian: string;
  /** Whose the study was when it was made. */
  patientRecordId: string;
  frame: MarkedFrame | undefined;
  content: MarkContent;
  version: number;
  state: MarkState;
  authorId: string;
  authorRole: string;
  authorOrganisation: string;
  madeAt: Date;
  changedAt: Date;
};

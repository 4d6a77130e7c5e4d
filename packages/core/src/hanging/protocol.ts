import { z } from "zod";

const words = z.array(z.string().trim().min(1)).min(1);

const want = z
  .strictObject({
    modalities: words.optional(),
    /** One of these stands in the series' description, as a word. */
    words: words.optional(),
    /** None of these does. */
    not: words.optional(),
    side: z.enum(["L", "R"]).optional(),
    views: words.optional(),
    /** Also an image that doesn't say its view, where any would do. */
    isViewUnsaid: z.boolean().default(false),
    kinds: z
      .array(z.enum(["image", "tomosynthesis", "synthetic"]))
      .min(1)
      .default(["image"]),
    isDisplaced: z.boolean().optional(),
    /** Fewer images than this are no stack to read: a localiser. */
    atLeast: z.number().int().min(1).optional(),
  })
  .describe("What may hang in a place. All that is said must be true of it.");

const slot = z
  .strictObject({
    /** 0: of the study that is read; 1: of the nearest prior, and so on. */
    prior: z.number().int().min(0).max(3).default(0),
    want,
    /** The edge of the viewport at which the picture stands. */
    flush: z.enum(["left", "right"]).optional(),
    window: z
      .strictObject({ name: z.string().min(1), center: z.number(), width: z.number().positive() })
      .optional(),
    /** May hang in an earlier place of the same step too: one series in two windows. */
    again: z.boolean().default(false),
    /** Stands in the place where nothing came. Without it such a place is empty. */
    missing: z.string().trim().min(3).optional(),
  })
  .refine(({ flush, want: { side } }) => flush === undefined || side !== undefined, {
    message: "a picture stands at an edge only in a side's place",
  });

const needs = z.enum([
  "prior",
  "no-prior",
  "second-prior",
  "tomosynthesis",
  "displaced",
  "not-displaced",
  "synthetic",
  "one-screen",
  "two-screens",
]);

const side = z.number().int().min(1).max(4);
const hasRoom = ({ rows, columns, slots }: { rows: number; columns: number; slots: readonly unknown[] }) =>
  slots.length <= rows * columns;
const TOO_MANY = { message: "more places than the grid has" };

/** Where there is a second screen this hangs there. Without one, or where nothing came for it, it is as if it weren't said. */
const second = z
  .strictObject({ rows: side, columns: side, slots: z.array(slot).min(1) })
  .refine(hasRoom, TOO_MANY);

const step = z
  .strictObject({
    name: z.string().trim().min(1),
    needs: z.array(needs).default([]),
    /** How many images of the study that is read there must be. */
    images: z
      .strictObject({ atLeast: z.number().int().optional(), atMost: z.number().int().optional() })
      .optional(),
    rows: side,
    columns: side,
    slots: z.array(slot).min(1),
    second: second.optional(),
    /** Again with what hasn't hung yet, until all has. */
    isRepeated: z.boolean().default(false),
  })
  .refine(hasRoom, TOO_MANY);

/** A hanging protocol: a file that one can read and edit. @see docs/viewer.md */
export const protocolSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  name: z.string().trim().min(1),
  when: z.strictObject({
    modalities: words.optional(),
    /** Body Part Examined of a series, or a word of what study and series are called. */
    bodyParts: words.optional(),
  }),
  /** `image`: each image hangs by itself. `series`: what was acquired together scrolls together. */
  by: z.enum(["image", "series"]),
  /** An image whose side is unknown or in doubt takes no place at all: it waits in the tray. */
  isBySide: z.boolean().default(false),
  /** All pictures that stand at an edge have one scale, in the patient. */
  isOneScale: z.boolean().default(false),
  /** Flipping and rotating are off. */
  isUnflipped: z.boolean().default(false),
  steps: z.array(step).min(1),
  /** `steps`: what took no place hangs after the steps, four at a time. `list`: it is in the strip. */
  rest: z.enum(["steps", "list"]).default("list"),
});

export type Protocol = z.output<typeof protocolSchema>;
export type ProtocolStep = Protocol["steps"][number];
export type ProtocolSlot = ProtocolStep["slots"][number];
export type Need = z.output<typeof needs>;

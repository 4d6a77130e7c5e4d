import { z } from "zod";
import { withGrid } from "../hanging/index.ts";

const MOST_GRIDS = 200;
const side = z.number().int().min(1).max(4);

/** What one person changed of the viewer, for themselves: how a step of a protocol is laid out, what is linked, which keys. */
export const viewerPreferenceSchema = z.strictObject({
  /** By protocol, step and number of priors: "mammography/Four views/0". */
  grids: z
    .record(z.string().min(1).max(200), z.strictObject({ rows: side, columns: side }))
    .refine((grids) => Object.keys(grids).length <= MOST_GRIDS, { message: "too many layouts" })
    .default({}),
  links: z.strictObject({ scroll: z.boolean(), window: z.boolean(), zoom: z.boolean() }).optional(),
  /** Whether they read on two screens where they can: a browser opens no window by itself, so the viewer offers it. */
  isOnTwoScreens: z.boolean().optional(),
  /** A letter by the name of what it does. No letter does two things. */
  keys: z
    .record(z.string().regex(/^[a-z-]{1,30}$/), z.string().regex(/^[a-z]$/))
    .refine((keys) => new Set(Object.values(keys)).size === Object.keys(keys).length, {
      message: "one key would do two things",
    })
    .default({}),
});
export type ViewerPreference = z.output<typeof viewerPreferenceSchema>;

const { grids, links, isOnTwoScreens, keys } = viewerPreferenceSchema.shape;
/** What was changed of it now: another window may have changed something else. Of `grids` those that changed; `keys` all together. */
export const viewerChangeSchema = z.strictObject({
  grids: grids.unwrap().optional(),
  links,
  isOnTwoScreens,
  keys: keys.unwrap().optional(),
});
export type ViewerChange = z.output<typeof viewerChangeSchema>;

export function withChange(kept: ViewerPreference, change: ViewerChange): ViewerPreference {
  const grids = Object.entries(change.grids ?? {}).reduce<ViewerPreference["grids"]>(
    (all, [step, grid]) => withGrid(all, step, grid),
    kept.grids,
  );
  return {
    grids,
    keys: change.keys ?? kept.keys,
    links: change.links ?? kept.links,
    isOnTwoScreens: change.isOnTwoScreens ?? kept.isOnTwoScreens,
  };
}

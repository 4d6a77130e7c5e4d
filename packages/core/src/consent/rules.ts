import { z } from "zod";
import { defineAction, organisationOf, type Tx } from "../kernel/index.ts";
import { findRules, findSettings, replaceRule, writeSettings } from "./release.store.ts";
import { isStaff, maySetRules } from "./staff.policy.ts";

const own = (tx: Tx): string => organisationOf(tx.actor) ?? "";

const Rule = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("at-once") }),
  z.object({ kind: z.literal("after-days"), days: z.number().int().min(1).max(90) }),
  z.object({ kind: z.literal("after-told") }),
]);
/** A DICOM modality; empty: whatever has no rule of its own. */
const Modality = z.string().regex(/^[A-Z]{0,16}$/);

/** What of one's own trust goes to patients when. What has no rule is held. */
export const listRules = defineAction({
  name: "consent.list-rules",
  input: z.object({}),
  policy: isStaff,
  load: async () => null,
  async run(tx) {
    const rules = await findRules(tx, own(tx));
    return { rules, settings: await findSettings(tx, own(tx)), organisation: own(tx) };
  },
  after: async (_ctx, { rules, settings }) => ({
    rules: rules.map(({ modality, rule, madeBy, madeAt }) => ({
      ...{ modality, rule, madeBy },
      madeAt: madeAt.toISOString(),
    })),
    settings,
  }),
  audit: {
    how: "each",
    verb: "listed",
    subjects: (_input, done) => ({ detail: { rules: done?.rules.length ?? 0 } }),
  },
});

/** States a rule in the place of the one before; without one, what it was for is held. */
export const setRule = defineAction({
  name: "consent.set-rule",
  input: z.object({ modality: Modality, rule: Rule.nullable() }),
  policy: maySetRules,
  load: async () => null,
  async run(tx, { modality, rule }) {
    await replaceRule(tx, { organisation: own(tx), modality, rule: rule ?? undefined });
    return { modality };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ modality, rule }) => ({
      detail: {
        ...{ modality, rule: rule?.kind ?? "none" },
        ...(rule?.kind === "after-days" ? { days: rule.days } : {}),
      },
    }),
  },
});

/** Whom patients may ask, and at which age a parent's access is looked at again. */
export const setSettings = defineAction({
  name: "consent.set-settings",
  input: z.object({
    reviewAge: z.number().int().min(10).max(13),
    helpName: z.string().trim().max(120),
    helpPhone: z.string().trim().max(40),
    helpHours: z.string().trim().max(120),
  }),
  policy: maySetRules,
  load: async () => null,
  async run(tx, settings) {
    await writeSettings(tx, own(tx), settings);
    return settings;
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ reviewAge }) => ({ detail: { reviewAge, act: "settings" } }),
  },
});

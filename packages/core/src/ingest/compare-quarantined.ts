import { type DicomJson, text } from "@weald/dicom";
import { z } from "zod";
import * as Access from "../access/index.ts";
import { type AuditSubject, Conflict, defineAction, Invalid, NotFound, type Tx } from "../kernel/index.ts";
import type { PatientIdentity } from "../patient/index.ts";
import * as Study from "../study/index.ts";
import { seriesAttributesOf, studyAttributesOf } from "./attributes-of.ts";
import { type ConflictCode, isConflict, isVersionOf, type Way } from "./conflict.ts";
import { identityOf } from "./identity-of.ts";
import { mayDecideQuarantine } from "./ingest.policy.ts";
import { type ConflictRow, findAlike, findConflicts, type QuarantineState } from "./quarantine.store.ts";

export const MOST_AT_ONCE = 25;

/** One of the two, as a person compares them. `image` is what the viewer takes to draw its first frame. */
export type Compared = {
  said: {
    name: string;
    localNumber: string | undefined;
    birthDate: string | undefined;
    sex: string | undefined;
    nhsNumber: string | undefined;
  };
  studyInstanceUid: string;
  studyDate: string | undefined;
  studyDescription: string | undefined;
  accessionNumber: string | undefined;
  seriesInstanceUid: string;
  seriesDescription: string | undefined;
  modality: string;
  side: string | undefined;
  sopInstanceUid: string;
  image: Omit<Study.ReadInstance, "instanceNumber" | "slicePosition" | "numberOfFrames">;
};

export type Comparison = {
  quarantineId: string;
  code: ConflictCode;
  sentence: string;
  state: QuarantineState;
  custodian: string;
  since: string;
  came: Compared;
  /** `undefined`: nothing stands in the newcomer's way any more, or what is here is restricted. */
  here: (Compared & { studyId: string; patient: PatientIdentity }) | undefined;
  isRestricted: boolean;
  /** The object under the same SOP Instance UID; else another one of the known series or study. */
  isSameObject: boolean;
  differences: Study.Difference[];
  pixels: Study.PixelComparison;
  ways: Way[];
  /** Others of the same series that wait for the same reason. */
  alike: string[];
};

type Uids = { studyInstanceUid: string; seriesInstanceUid: string; sopInstanceUid: string };
type Source = Uids & Omit<Compared["image"], "instanceId" | "version">;

/** Image Laterality, else Laterality: never from a description (clinical page §8). */
const sideOf = (header: DicomJson) => text(header, "00200062") ?? text(header, "00200060");

function compared(source: Source, place: { instanceId: string; version: number }): Compared {
  const { header, studyInstanceUid, seriesInstanceUid, sopInstanceUid } = source;
  const identity = identityOf(header);
  const study = studyAttributesOf(header, studyInstanceUid);
  const series = seriesAttributesOf(header, seriesInstanceUid);
  const { sopClassUid, transferSyntaxUid, encoding, sizeBytes } = source;
  return {
    said: {
      name: [identity?.family, identity?.given].filter(Boolean).join(", "),
      localNumber: identity?.localNumber,
      birthDate: identity?.birthDate,
      sex: identity?.sex,
      nhsNumber: identity?.nhsNumber,
    },
    studyInstanceUid,
    studyDate: study.studyDate,
    studyDescription: study.description,
    accessionNumber: study.accessionNumber,
    seriesInstanceUid,
    seriesDescription: series.description,
    modality: series.modality,
    side: sideOf(header),
    sopInstanceUid,
    image: {
      ...place,
      sopInstanceUid,
      sopClassUid,
      transferSyntaxUid,
      encoding,
      sizeBytes,
      frames: source.frames.slice(0, 1),
      header: Study.viewerHeader(header),
    },
  };
}

/** The newcomer with the UIDs that it came under. @throws {Conflict} `COMPARISON_MISSING` */
export function newcomerOf({ identity, came }: ConflictRow) {
  const { studyInstanceUid, seriesInstanceUid } = identity;
  if (!came || !studyInstanceUid || !seriesInstanceUid)
    throw new Conflict(
      "COMPARISON_MISSING",
      "This item was put aside before Weald kept what to compare. Try it again: it comes back with all of it.",
    );
  return { ...came, studyInstanceUid, seriesInstanceUid };
}

/** @throws {Invalid} `NOT_A_CONFLICT` */
export function asConflict(row: ConflictRow): ConflictRow & { code: ConflictCode } {
  const { code } = row;
  if (isConflict(code)) return { ...row, code };
  throw new Invalid("NOT_A_CONFLICT", "This item is in no conflict with anything that is here.");
}

export async function conflictRow(tx: Tx, quarantineId: string): Promise<ConflictRow> {
  const [row] = await findConflicts(tx, [quarantineId]);
  if (!row) throw new NotFound("QUARANTINE_NOT_FOUND", "This item is not in quarantine.");
  return row;
}

type Here = { kept: Study.Kept; facts: Study.StudyFacts; isReadable: boolean };

export async function hereOf(tx: Tx, custodian: string, uids: Uids): Promise<Here | undefined> {
  const kept = await Study.findKept(tx, custodian, uids);
  if (!kept) return undefined;
  const facts = await Study.studyFacts(tx, kept.studyId);
  return { kept, facts, isReadable: Access.decideReading(tx.actor, facts).allowed };
}

function waysOf(code: ConflictCode, here: Here | undefined, came: Uids): Way[] {
  if (!here) return ["keep"];
  return here.isReadable && isVersionOf(code, here.kept, came)
    ? ["keep", "replace", "both"]
    : ["keep", "both"];
}

function differing(here: Here | undefined, came: Uids & Source & { pixelSha256: string | undefined }) {
  if (!here?.isReadable) return { isSameObject: false, differences: [], pixels: "none" as const };
  const { kept } = here;
  const isSameObject = kept.sopInstanceUid === came.sopInstanceUid;
  return {
    isSameObject,
    differences: Study.differencesOf(kept.header, came.header, { isSameObject }),
    pixels: isSameObject ? Study.comparePixels(kept, came) : ("none" as const),
  };
}

/**
 * A conflict under one UID, side by side: what is here and what came, and each attribute in which they differ
 * (clinical page §17). Of a restricted record nothing is shown but that it is.
 *
 * @throws {NotFound} `QUARANTINE_NOT_FOUND`
 * @throws {Invalid} `NOT_A_CONFLICT`
 * @throws {Conflict} `COMPARISON_MISSING`
 */
export const compareQuarantined = defineAction({
  name: "ingest.compare-quarantined",
  input: z.object({ quarantineId: z.uuid() }),
  policy: mayDecideQuarantine,
  load: (tx, { quarantineId }) => conflictRow(tx, quarantineId),
  async run(tx, { quarantineId }, row): Promise<Comparison> {
    const item = asConflict(row);
    const came = newcomerOf(item);
    const here = await hereOf(tx, item.custodian, came);
    return {
      quarantineId,
      code: item.code,
      sentence: item.sentence,
      state: item.state,
      custodian: item.custodian,
      since: item.createdAt.toISOString(),
      came: compared(came, { instanceId: quarantineId, version: 1 }),
      here: here?.isReadable
        ? {
            ...compared(here.kept, here.kept),
            studyId: here.kept.studyId,
            patient: here.facts.record.identity,
          }
        : undefined,
      isRestricted: here !== undefined && !here.isReadable,
      ...differing(here, came),
      ways: waysOf(item.code, here, came),
      alike: await findAlike(tx, item, MOST_AT_ONCE - 1),
    };
  },
  audit: {
    how: "each",
    verb: "opened",
    subjects: ({ quarantineId }, done): AuditSubject => ({
      ...(done ? { custodian: done.custodian } : {}),
      ...(done?.here ? { studyId: done.here.studyId, patientId: done.here.patient.patientId } : {}),
      detail: { quarantineId },
    }),
  },
});

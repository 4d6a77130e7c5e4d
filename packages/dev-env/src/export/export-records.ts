import type { Before, SignedObject, TakenRecord, TakenStudy, TakeoutApi, Whose } from "./api.ts";
import { fetchObject } from "./fetch-object.ts";
import { diagnosticReports, imagingStudy, patient, provenance, serviceRequest } from "./fhir.ts";
import type { ExportFolder } from "./files.ts";
import { requestMessage } from "./request-message.ts";
import { takeObject } from "./take-object.ts";

const TRIES = 3;

export type ExportOptions = {
  api: TakeoutApi;
  whose: Whose;
  folder: ExportFolder;
  onProgress?(progress: { records: number; objects: number }): void;
};

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const whyOf = (error: unknown) => (error instanceof Error ? error.message : "It can't be read.");

/** What could not be taken out, by name. Nothing is left out silently. */
export type NotTaken = { studyInstanceUid: string; sopInstanceUid: string; why: string };
export type Exported = { records: number; studies: number; objects: number; notTaken: NotTaken[] };

type OfRecord = { whose: Whose; recordId: string };

/**
 * Takes out every record: DICOM files, FHIR, corrections, and the messages that reports came in. Goes on where it was
 * stopped; a record counts only when all of it is on the disk.
 */
export async function exportRecords({ api, whose, folder, onProgress }: ExportOptions): Promise<Exported> {
  const told: Exported = { records: 0, studies: 0, objects: 0, notTaken: [] };

  /** A URL lives a minute: where it ran out behind a slow line the page is asked for again. */
  async function putObject(
    study: TakenStudy,
    object: SignedObject,
    again: () => Promise<string>,
  ): Promise<void> {
    let url = object.url;
    for (let tried = 1; ; tried += 1) {
      try {
        await takeObject(folder, { study, object, url, keepsOriginals: whose.kind === "trust" });
        told.objects += 1;
        return;
      } catch (error) {
        if (tried === TRIES) {
          const { studyInstanceUid } = study;
          told.notTaken.push({ studyInstanceUid, sopInstanceUid: object.sopInstanceUid, why: whyOf(error) });
          return;
        }
        url = await again();
      }
    }
  }

  async function takeStudy(study: TakenStudy, of: OfRecord): Promise<SignedObject[]> {
    const objects: SignedObject[] = [];
    for (let after: string | undefined, isLast = false; !isLast; ) {
      const asked = { ...of, studyId: study.id, after };
      const page = await api.signStudy(asked);
      for (const object of page.objects)
        await putObject(study, object, async () => {
          const fresh = await api.signStudy(asked);
          return fresh.objects.find(({ id }) => id === object.id)?.url ?? object.url;
        });
      objects.push(...page.objects.filter(({ isSetAside }) => !isSetAside));
      onProgress?.({ records: told.records, objects: told.objects });
      after = page.next;
      isLast = after === undefined;
    }
    return objects;
  }

  async function takeMessages({ whose: of, recordId }: OfRecord): Promise<void> {
    for (const { versionId, url } of await api.signMessages(of, recordId))
      await folder.put(`messages/${versionId}.hl7`, () => fetchObject(url));
  }

  /** Pages of who looked, the newest first. */
  async function* eventsOf(recordId: string | undefined): AsyncGenerator<object[]> {
    for (let before: Before | undefined, isLast = false; !isLast; ) {
      const page = await api.readEvents({ whose, recordId, before });
      yield page.events;
      before = page.next;
      isLast = before === undefined;
    }
  }

  /** What a trust's staff did that was of no patient. It may be long: each page is on the disk before the next. */
  async function takeOwnEvents(): Promise<void> {
    let page = 0;
    for await (const events of eventsOf(undefined)) {
      page += 1;
      const key = `events ${page}`;
      if (folder.isDone(key)) continue;
      for (const event of events) folder.add("fhir/AuditEvent.ndjson", event);
      await folder.finish(key);
    }
  }

  async function takeRecord(record: TakenRecord, of: OfRecord): Promise<void> {
    const ids = { custodian: record.custodian, recordId: of.recordId };
    folder.add("fhir/Patient.ndjson", patient(record.identity));
    for (const request of record.requests) {
      folder.add("fhir/ServiceRequest.ndjson", serviceRequest(request, ids));
      if (whose.kind === "trust")
        await folder.put(`requests/${request.id}.hl7`, async () =>
          one(requestMessage(request, record.identity)),
        );
    }
    for (const report of record.reports)
      for (const version of diagnosticReports(report, ids))
        folder.add("fhir/DiagnosticReport.ndjson", version);
    if (record.reports.length > 0) await takeMessages(of);
    for await (const events of eventsOf(of.recordId))
      for (const event of events) folder.add("fhir/AuditEvent.ndjson", event);
    for (const study of record.studies) {
      const objects = await takeStudy(study, of);
      folder.add("fhir/ImagingStudy.ndjson", imagingStudy(study, objects, ids));
      for (const overlay of study.overlays) {
        folder.add("fhir/Provenance.ndjson", provenance(overlay, study, ids));
        folder.add("overlays.ndjson", overlay);
      }
      told.studies += 1;
    }
  }

  for (let after: string | undefined, isLast = false; !isLast; ) {
    const page = await api.listRecords(whose, after);
    for (const recordId of page.recordIds) {
      if (folder.isDone(recordId)) continue;
      const record = await api.readRecord(whose, recordId);
      const before = told.notTaken.length;
      // A record of a person about whom this trust holds nothing is nobody's business here.
      if (isOfThisTrust(record)) await takeRecord(record, { whose, recordId });
      if (told.notTaken.length === before) await folder.finish(recordId);
      else folder.forget();
      told.records += 1;
      onProgress?.({ records: told.records, objects: told.objects });
    }
    after = page.next;
    isLast = after === undefined;
  }
  if (whose.kind === "trust") await takeOwnEvents();
  await folder.close();
  return told;
}

const isOfThisTrust = ({ identity, custodian, studies, requests, reports }: TakenRecord): boolean =>
  identity.custodian === custodian || studies.length + requests.length + reports.length > 0;

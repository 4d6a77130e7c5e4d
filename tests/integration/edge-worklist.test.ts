import { randomUUID } from "node:crypto";
import { Region } from "@weald/dev-env/region";
import { EXPLICIT_LITTLE, mintUid } from "@weald/dicom";
import dimse from "dcmjs-dimse";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CALLED, type EdgeProcess, edgeProcess } from "./edge/edge-process.ts";
import { type RegionDoor, regionDoor } from "./edge/region-door.ts";
import { type Relay, relay } from "./edge/relay.ts";
import { associate } from "./edge/scu.ts";
import { orm, source } from "./messages/written.ts";
import { rows } from "./sent.ts";

const { requests } = dimse;
const STEP_CLASS = "1.2.840.10008.3.1.2.3.3";
type Response = InstanceType<typeof dimse.responses.Response>;
type Item = Record<string, unknown> & { ScheduledProcedureStepSequence: Record<string, unknown>[] };

const NOON = new Date("2026-11-25T12:00:00Z");

describe("a modality that asks what there is to do", () => {
  let region: Region;
  let door: RegionDoor;
  let api: Relay;
  let edge: EdgeProcess;

  type Ordered = { accession: string; modality: string; scheduled: Date; trust?: string; state?: string };

  /** A request as the trust's messages leave it. */
  async function order({ accession, modality, scheduled, trust = "RXC", state = "booked" }: Ordered) {
    const [patient, record] = [randomUUID(), randomUUID()];
    await rows(region, "INSERT INTO patient (id) VALUES ($1::uuid) RETURNING id::text", patient);
    await rows(
      region,
      `INSERT INTO patient_record (id, patient_id, custodian, local_number, family, given, family_key, given_key, birth_date,
         sex, linked_how, linked_by, linked_at)
       VALUES ($1::uuid, $2::uuid, $3, $4, 'Alder', 'Rowan', 'alder', 'rowan', '1961-04-03', 'F', 'new', 'test', now())
       RETURNING id::text`,
      record,
      patient,
      trust,
      `${trust}-${accession}`,
    );
    await rows(
      region,
      `INSERT INTO imaging_request (id, custodian, accession_number, issuer, patient_record_id, patient_id, procedure_code,
         procedure_text, priority, state, message_at, message_id, modality, scheduled_at)
       VALUES ($1::uuid, $2, $3, $2, $4::uuid, $5::uuid, 'XCHES', 'Chest', 'routine', $6, now(), $3, $7, $8::timestamptz)
       RETURNING id::text`,
      randomUUID(),
      trust,
      accession,
      record,
      patient,
      state,
      modality,
      scheduled.toISOString(),
    );
  }

  beforeAll(async () => {
    region = await Region.create();
    const tomorrow = new Date(NOON.getTime() + 24 * 3_600_000);
    await order({ accession: "CT-1", modality: "CT", scheduled: NOON });
    await order({ accession: "DX-1", modality: "DX", scheduled: new Date(NOON.getTime() + 60_000) });
    await order({ accession: "CT-2", modality: "CT", scheduled: tomorrow });
    await order({ accession: "CT-3", modality: "CT", scheduled: NOON, state: "cancelled" });
    await order({ accession: "CT-9", modality: "CT", scheduled: NOON, trust: "RTK" });
    door = await regionDoor(region);
    api = await relay(door.url);
    edge = await edgeProcess({ regionUrl: api.url });
  });
  afterAll(async () => {
    await edge?.stop();
    await api?.close();
    await door?.close();
    await region?.stop();
  });

  async function find(step: Record<string, string>, more: Record<string, unknown> = {}) {
    const request = requests.CFindRequest.createWorklistFindRequest({
      ...more,
      ScheduledProcedureStepSequence: [
        {
          ScheduledStationAETitle: "",
          ScheduledProcedureStepStartDate: "",
          ScheduledProcedureStepStartTime: "",
          ScheduledProcedureStepID: "",
          Modality: "",
          ...step,
        },
      ],
    });
    const all: Response[] = [];
    request.on("response", (response: Response) => all.push(response));
    const client = new dimse.Client();
    client.addRequest(request);
    await new Promise<void>((resolve) => {
      client.on("networkError", () => {});
      client.on("closed", () => resolve());
      client.send("127.0.0.1", edge.dimsePort(), "CT1", CALLED);
    });
    const status = all.pop()?.getStatus();
    const items = all.map((response) => response.getDataset()?.getElements() as Item);
    return { status, items, numbers: items.map((item) => item.AccessionNumber) };
  }

  it("is told its own trust's work of the day, by modality; what was cancelled is no work", async () => {
    const { status, items, numbers } = await find({
      Modality: "CT",
      ScheduledProcedureStepStartDate: "20261125",
    });
    expect(status).toBe(0);
    expect(numbers).toEqual(["CT-1"]);
    const [item] = items;
    expect(String(item?.PatientName)).toBe("Alder^Rowan");
    expect(item).toMatchObject({ PatientID: "RXC-CT-1", PatientBirthDate: "19610403", PatientSex: "F" });
    const [step] = item?.ScheduledProcedureStepSequence ?? [];
    expect(step).toMatchObject({ Modality: "CT", ScheduledProcedureStepStartDate: "20261125" });
    expect(step?.ScheduledProcedureStepStartTime).toBe("120000");
  });

  it("an order that comes by HL7 is on it", async () => {
    const person = { family: "Beech", given: "Hazel", born: "19700102", sex: "F" };
    const scheduled = new Date("2026-12-03T09:30:00Z");
    const envelope = { trust: "RXC", number: "RXC-77", person, id: "m1", at: NOON };
    await region.send("RXC", [source(orm(envelope, { accession: "MR-1", modality: "MR", scheduled }))]);
    const { items } = await find({ ScheduledProcedureStepStartDate: "20261203" });
    expect(items.map((item) => [item.AccessionNumber, String(item.PatientName)])).toEqual([
      ["MR-1", "Beech^Hazel"],
    ]);
    expect(items[0]?.ScheduledProcedureStepSequence[0]).toMatchObject({
      Modality: "MR",
      ScheduledProcedureStepStartTime: "093000",
    });
  });

  it("asks by a range of days and by name", async () => {
    const days = await find({ Modality: "CT", ScheduledProcedureStepStartDate: "20261125-20261126" });
    expect(days.numbers).toEqual(["CT-1", "CT-2"]);
    const day = { ScheduledProcedureStepStartDate: "20261125" };
    expect((await find(day, { PatientName: "ALD*" })).numbers).toEqual(["CT-1", "DX-1"]);
    expect((await find(day, { PatientName: "BEECH*" })).numbers).toEqual([]);
  });

  it("every modality is given one study for one request, the same each time", async () => {
    const day = { Modality: "CT", ScheduledProcedureStepStartDate: "20261125" };
    const [first, second] = [await find(day), await find(day)];
    const uid = String(first.items[0]?.StudyInstanceUID);
    expect(uid).toMatch(/^2\.25\.\d+$/);
    expect(second.items[0]?.StudyInstanceUID).toBe(uid);
  });

  it("what was completed by the modality's own word is no work any more", async () => {
    const create = new requests.NCreateRequest(STEP_CLASS, mintUid());
    create.setDataset(
      new dimse.Dataset(
        {
          PerformedProcedureStepStatus: "COMPLETED",
          Modality: "DX",
          ScheduledStepAttributesSequence: [{ StudyInstanceUID: mintUid(), AccessionNumber: "DX-1" }],
          PerformedSeriesSequence: [],
        },
        EXPLICIT_LITTLE,
      ),
    );
    await associate({ port: edge.dimsePort() }, [{ request: create }]);
    await edge.settled();
    expect((await find({ ScheduledProcedureStepStartDate: "20261125" })).numbers).toEqual(["CT-1"]);
  });

  it("is told that the region is away, never that there is nothing to do", async () => {
    api.cut();
    expect(await find({ Modality: "CT" })).toMatchObject({ status: 0xc001, items: [] });
    api.mend();
  });
});

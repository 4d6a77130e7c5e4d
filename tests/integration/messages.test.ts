import * as Correction from "@weald/core/correction";
import * as Ingest from "@weald/core/ingest";
import * as Patient from "@weald/core/patient";
import * as Reporting from "@weald/core/reporting";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nhsNumberFrom } from "./messages/nhs.ts";
import { adt, type Envelope, merge, orm, oru, type Person, siu, source } from "./messages/written.ts";
import { codeOf, image, rows, sendAll, studyIdOf } from "./sent.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const BEGINS = Date.now() - 2 * DAY;
const ROWAN: Person = { family: "Alder", given: "Rowan", born: "19610403", sex: "F" };

type RecordRow = {
  id: string;
  patient_id: string;
  family: string;
  given: string;
  born: string | null;
  sex: string | null;
};

describe("what HL7 messages make", () => {
  let region: Region;
  let next = 0;
  beforeAll(async () => {
    region = await Region.create();
  });
  afterAll(() => region.stop());

  /** A number that no other test speaks of, and messages of it, a minute apart unless they say when. */
  function fresh(person: Partial<Person> = {}) {
    next += 1;
    const number = `P${next}`;
    let minutes = 0;
    const envelope = (more: Partial<Envelope> = {}): Envelope => {
      minutes += 1;
      next += 1;
      const at = new Date(BEGINS + minutes * MINUTE);
      return { trust: "RXC", number, person: { ...ROWAN, ...person }, id: `C${next}`, at, ...more };
    };
    return { number, envelope, of: { ...ROWAN, ...person, localNumber: number } };
  }
  const tell = (...texts: string[]) => sendAll(region, "RXC", ...texts.map(source));
  const recordOf = async (number: string, trust = "RXC"): Promise<RecordRow | undefined> =>
    (
      await rows<RecordRow>(
        region,
        `SELECT id::text, patient_id::text, family, given, birth_date::text AS born, sex FROM patient_record
         WHERE custodian = $1 AND local_number = $2`,
        trust,
        number,
      )
    )[0];
  const patientOf = async (number: string, trust = "RXC") => (await recordOf(number, trust))?.patient_id;
  const waitingFor = (controlId: string) =>
    rows<{ id: string; code: string }>(
      region,
      "SELECT id::text, code FROM quarantine_item WHERE state = 'waiting' AND identity ->> 'controlId' = $1",
      controlId,
    );
  const codesFor = async (controlId: string) => (await waitingFor(controlId)).map(({ code }) => code);
  const mayOpen = async (personId: string, number: string) => {
    const found = await rows<{ kind: string; ends_at: Date }>(
      region,
      `SELECT r.kind, r.ends_at FROM relationship r JOIN patient_record p ON p.patient_id = r.patient_id
       WHERE r.person_id = $1 AND p.local_number = $2 AND r.starts_at <= now() AND r.ends_at > now()`,
      personId,
      number,
    );
    return found[0];
  };

  describe("an update", () => {
    it("of a newer time wins, whatever came last; an older one adds only what nobody said", async () => {
      const { number, envelope } = fresh({ sex: "" });
      const [older, newer] = [envelope(), envelope()];
      await tell(adt("A31", { ...newer, person: { ...ROWAN, sex: "", family: "Birch" } }));
      await tell(adt("A31", { ...older, person: ROWAN }));
      expect(await recordOf(number)).toMatchObject({ family: "Birch", born: "1961-04-03", sex: "F" });
    });
    it('takes nothing back by an empty field, and does by ""', async () => {
      const { number, envelope } = fresh();
      await tell(adt("A28", envelope()), adt("A08", envelope({ person: { ...ROWAN, sex: "" } })));
      expect((await recordOf(number))?.sex).toBe("F");
      await tell(adt("A08", envelope({ person: { ...ROWAN, sex: '""' } })));
      expect(await recordOf(number)).toMatchObject({ sex: null, family: "Alder" });
    });
    it("is an admission system's: what a request says only fills what is missing", async () => {
      const { number, envelope } = fresh({ sex: "" });
      await tell(adt("A28", envelope()));
      await tell(orm(envelope({ person: { ...ROWAN, family: "Aldr" } }), { accession: `A-${number}` }));
      expect(await recordOf(number)).toMatchObject({ family: "Alder", sex: "F" });
    });
    it("of two seconds that are one is ordered by its id", async () => {
      const { number, envelope } = fresh();
      const at = new Date(BEGINS);
      const [first, second] = [envelope({ at, id: "T9" }), envelope({ at, id: "T10" })];
      await tell(adt("A31", { ...second, person: { ...ROWAN, family: "Birch" } }));
      await tell(adt("A31", first));
      expect((await recordOf(number))?.family).toBe("Birch");
    });
    it("has the links judged again: what no longer agrees comes apart, what agrees now joins", async () => {
      const person = { ...ROWAN, nhs: nhsNumberFrom(900) };
      const { number, envelope } = fresh(person);
      await tell(adt("A28", envelope()));
      await sendAll(
        region,
        "RA2",
        source(adt("A28", { trust: "RA2", number, person, id: `R${number}`, at: new Date(BEGINS) })),
      );
      expect(await patientOf(number)).toBe(await patientOf(number, "RA2"));
      await tell(adt("A31", envelope({ person: { ...person, born: "19710403" } })));
      expect(await patientOf(number)).not.toBe(await patientOf(number, "RA2"));
      await tell(adt("A31", envelope({ person })));
      expect(await patientOf(number)).toBe(await patientOf(number, "RA2"));
    });
    it("of somebody else under a known number waits for a person, until more is known of it", async () => {
      const { number, envelope } = fresh();
      const [first, other, between] = [envelope(), envelope(), envelope()];
      await tell(adt("A28", first));
      const birch = { family: "Birch", given: "Hazel", born: "19610404", sex: "F" };
      expect(await tell(adt("A31", { ...other, person: birch }))).toEqual([
        "quarantined LOCAL_NUMBER_REUSED",
      ]);
      expect(await recordOf(number)).toMatchObject({ family: "Alder" });
      // The date of birth was put right first, and the names changed after: both are told by now.
      await tell(
        adt("A31", {
          ...between,
          at: new Date(other.at.getTime() - 30_000),
          person: { ...ROWAN, born: "19610404" },
        }),
      );
      expect(await codesFor(other.id)).toEqual([]);
      expect(await recordOf(number)).toMatchObject({ family: "Birch", born: "1961-04-04" });
    });
    it("of a clock that runs ahead is not believed", async () => {
      const { envelope } = fresh();
      const ahead = envelope({ at: new Date(Date.now() + 2 * DAY) });
      expect(await tell(adt("A31", ahead))).toEqual(["quarantined HL7_TIME_AHEAD"]);
    });
  });

  describe("who cares for a patient", () => {
    it("sees them from the admission until some days after the discharge", async () => {
      const { number, envelope } = fresh();
      const stay = { visit: `V${number}`, clinicians: ["9001", "9002"] };
      await tell(adt("A01", envelope(), stay));
      expect((await mayOpen("9001", number))?.kind).toBe("admission");
      await tell(adt("A08", envelope(), { ...stay, clinicians: ["9002"] }));
      expect(await mayOpen("9001", number)).toBeUndefined();
      const left = envelope();
      await tell(adt("A03", left, { visit: stay.visit }));
      const { ends_at: endsAt } = (await mayOpen("9002", number)) ?? {};
      expect(endsAt?.getTime()).toBe(Math.floor((left.at.getTime() + 14 * DAY) / 1000) * 1000);
      const long = fresh();
      const at = new Date(Date.now() - 40 * DAY);
      await tell(adt("A03", long.envelope({ at }), { visit: `V${long.number}` }));
      await tell(
        adt("A01", long.envelope({ at: new Date(at.getTime() - DAY) }), {
          ...stay,
          visit: `V${long.number}`,
        }),
      );
      expect(await mayOpen("9001", long.number)).toBeUndefined();
    });
    const stayOf = async (visit: string) =>
      (
        await rows<{ location: string | null; discharged_at: Date | null; is_cancelled: boolean }>(
          region,
          "SELECT location, discharged_at, is_cancelled FROM visit WHERE visit_number = $1",
          visit,
        )
      )[0];
    it("is who cares for them where they were moved to (A02), whichever is told first", async () => {
      const { number, envelope } = fresh();
      const visit = `V${number}`;
      const admitted = adt("A01", envelope(), { visit, ward: "W1", clinicians: ["9001"] });
      await tell(adt("A02", envelope(), { visit, ward: "ITU", clinicians: ["9002"] }));
      await tell(admitted);
      expect((await stayOf(visit))?.location).toBe("ITU");
      expect(await mayOpen("9001", number)).toBeUndefined();
      expect((await mayOpen("9002", number))?.kind).toBe("admission");
    });
    it("is nobody once the admission was a mistake (A11), whatever older comes, until they are admitted again", async () => {
      const { number, envelope } = fresh();
      const stay = { visit: `V${number}`, clinicians: ["9001"] };
      const [admitted, updated] = [adt("A01", envelope(), stay), adt("A08", envelope(), stay)];
      await tell(adt("A11", envelope(), { visit: stay.visit }));
      await tell(admitted, updated);
      expect((await stayOf(stay.visit))?.is_cancelled).toBe(true);
      expect(await mayOpen("9001", number)).toBeUndefined();
      await tell(adt("A08", envelope(), stay));
      expect(await mayOpen("9001", number)).toBeUndefined();
      await tell(adt("A01", envelope(), stay));
      expect((await mayOpen("9001", number))?.kind).toBe("admission");
    });
    it("goes on where the discharge was a mistake (A13), whichever is told first", async () => {
      const { number, envelope } = fresh();
      const stay = { visit: `V${number}`, clinicians: ["9001"] };
      const long = () => new Date(Date.now() - 30 * DAY);
      const left = adt("A03", envelope({ at: long() }), { visit: stay.visit });
      await tell(adt("A01", envelope({ at: new Date(long().getTime() - DAY) }), stay), left);
      expect(await mayOpen("9001", number)).toBeUndefined();
      const back = envelope();
      await tell(adt("A13", back, { visit: stay.visit }));
      expect((await stayOf(stay.visit))?.discharged_at).toBeNull();
      expect((await mayOpen("9001", number))?.kind).toBe("admission");
      const other = fresh();
      const second = { visit: `V${other.number}`, clinicians: ["9001"] };
      await tell(adt("A01", other.envelope(), second));
      const gone = adt("A03", other.envelope(), { visit: second.visit });
      await tell(adt("A13", other.envelope(), { visit: second.visit }), gone);
      expect((await stayOf(second.visit))?.discharged_at).toBeNull();
    });
    it("in a clinic sees them from the day before, and not when the slot was given up or moved", async () => {
      const { number, envelope } = fresh();
      const slot = { appointment: `S${number}`, clinicians: ["9003"] };
      await tell(siu("S12", envelope(), { ...slot, starts: new Date(Date.now() + 3 * DAY) }));
      expect(await mayOpen("9003", number)).toBeUndefined();
      await tell(siu("S13", envelope(), { ...slot, starts: new Date(Date.now() + DAY / 2) }));
      expect((await mayOpen("9003", number))?.kind).toBe("clinic");
      await tell(siu("S15", envelope(), { appointment: slot.appointment }));
      expect(await mayOpen("9003", number)).toBeUndefined();
    });
    it("and asked for images sees them no longer when the request is cancelled, whichever is told first", async () => {
      const { number, envelope } = fresh();
      const asked = orm(envelope(), { accession: `A1${number}`, referrer: "9004" });
      await tell(asked);
      expect((await mayOpen("9004", number))?.kind).toBe("request");
      await tell(orm(envelope(), { accession: `A1${number}`, control: "CA" }));
      expect(await mayOpen("9004", number)).toBeUndefined();
    });
  });

  describe("a request", () => {
    const stateOf = async (accession: string) =>
      (
        await rows<{ state: string; scheduled_at: Date | null; modality: string | null }>(
          region,
          "SELECT state, scheduled_at, modality FROM imaging_request WHERE accession_number = $1",
          accession,
        )
      )[0];
    it("is requested, booked, arrived, acquired; a late booking sends nobody back", async () => {
      const { number, envelope } = fresh();
      const accession = `A2${number}`;
      const starts = new Date(BEGINS + 3 * DAY);
      await tell(orm(envelope(), { accession, modality: "CT" }));
      expect(await stateOf(accession)).toMatchObject({ state: "requested", modality: "CT" });
      const booked = envelope();
      await tell(orm(envelope(), { accession, control: "SC", status: "IP" }));
      await tell(siu("S12", booked, { appointment: `S2${number}`, accession, starts }));
      expect((await stateOf(accession))?.state).toBe("arrived");
      await tell(orm(envelope(), { accession, control: "SC", status: "CM" }));
      expect((await stateOf(accession))?.state).toBe("acquired");
    });
    it("whose slot is given up stands, unbooked; cancelled it stays cancelled", async () => {
      const { number, envelope } = fresh();
      const slot = { appointment: `S3${number}`, accession: `A3${number}` };
      await tell(siu("S12", envelope(), { ...slot, starts: new Date(BEGINS + 3 * DAY) }));
      await tell(orm({ ...envelope(), at: new Date(BEGINS) }, { accession: slot.accession, modality: "MR" }));
      expect(await stateOf(slot.accession)).toMatchObject({ state: "booked", modality: "MR" });
      await tell(siu("S26", envelope(), slot));
      expect(await stateOf(slot.accession)).toMatchObject({ state: "requested", scheduled_at: null });
      await tell(orm(envelope(), { accession: slot.accession, control: "CA" }), siu("S15", envelope(), slot));
      expect((await stateOf(slot.accession))?.state).toBe("cancelled");
    });
  });

  describe("a merge", () => {
    it("makes two numbers one person, before or after either is known, and can be undone", async () => {
      const { number, envelope, of } = fresh();
      const old = `${number}-B`;
      const merging = envelope();
      await tell(merge(merging, old));
      const study = mintUid();
      await sendAll(region, "RXC", image({ of: { ...of, localNumber: old }, study }));
      expect(await patientOf(old)).toBe(await patientOf(number));
      const seen = await rows<{ patient_id: string }>(
        region,
        "SELECT patient_id::text FROM study WHERE study_instance_uid = $1",
        study,
      );
      expect(seen).toEqual([{ patient_id: await patientOf(number) }]);
      const manager = region.as("tom.reyes@RXC");
      const mine = async () => {
        const { joined } = await Correction.listJoined(manager, {});
        return joined.filter(({ from }) => from?.localNumber === old);
      };
      const [listed] = await mine();
      expect(listed).toMatchObject({ how: "message", state: "holds", into: { localNumber: number } });
      const undo = { mergeId: listed?.mergeId ?? "", reason: "two sisters" };
      expect(await codeOf(Correction.partRecords(region.as("sunita.kaur@RTK"), undo))).toBe("not-your-trust");
      await Correction.partRecords(manager, undo);
      await region.drain();
      expect(await patientOf(old)).not.toBe(await patientOf(number));
      expect(await mine()).toMatchObject([{ state: "undone", undoneAt: expect.any(String) }]);
      expect(await codeOf(Correction.partRecords(manager, undo))).toBe("ALREADY_UNDONE");
      // What more is said of them, and the same message once more, brings no rule to join them again.
      await tell(adt("A08", envelope()), adt("A08", envelope({ number: old })), merge(merging, old));
      await region.drain();
      expect(await patientOf(old)).not.toBe(await patientOf(number));
    });
    it("that what is known speaks against waits for a person, also where that becomes known later", async () => {
      const stranger = { family: "Birch", given: "Hazel", born: "19880808", sex: "F" };
      const [early, late] = [fresh(), fresh()];
      const known = early.envelope({ number: `${early.number}-B`, person: stranger });
      const [first, second] = [early.envelope(), late.envelope()];
      expect(await tell(adt("A28", known), merge(first, known.number))).toEqual([
        "accepted",
        "quarantined MERGE_DISAGREES",
      ]);
      const older = late.envelope({ number: `${late.number}-B`, person: stranger, at: new Date(BEGINS) });
      expect(await tell(merge(second, older.number))).toEqual(["accepted"]);
      await tell(adt("A28", older));
      expect([await codesFor(first.id), await codesFor(second.id)]).toEqual([
        ["MERGE_DISAGREES"],
        ["MERGE_DISAGREES"],
      ]);
      for (const { number } of [early, late])
        expect(await patientOf(`${number}-B`)).not.toBe(await patientOf(number));
    });
    it("never relates a pair that is not to be linked", async () => {
      const { number, envelope } = fresh();
      const old = envelope({ number: `${number}-B` });
      await tell(adt("A28", old), adt("A28", envelope()));
      const [a, b] = [(await recordOf(number))?.id ?? "", (await recordOf(old.number))?.id ?? ""];
      await Patient.neverLink(region.as("tom.reyes"), { recordA: a, recordB: b });
      expect(await tell(merge(envelope(), old.number))).toEqual(["quarantined MERGE_DISAGREES"]);
      expect(await patientOf(old.number)).not.toBe(await patientOf(number));
    });
  });

  describe("what came before its study and names somebody else", () => {
    const wrongFirst = async () => {
      const [one, other] = [fresh(), fresh({ family: "Birch", given: "Hazel", born: "19880808" })];
      const accession = `A4${one.number}`;
      const [asked, reported] = [other.envelope(), other.envelope()];
      await tell(
        orm(asked, { accession, referrer: "9005" }),
        oru(reported, { accession, status: "F", text: "of somebody else" }),
      );
      const study = mintUid();
      await sendAll(region, "RXC", image({ of: one.of, study, accession }));
      return { one, other, accession, asked, reported, study };
    };
    it("is put aside when the study comes: shown nowhere, its relationship ended, and who opens the study is told", async () => {
      const { other, asked, reported, study } = await wrongFirst();
      expect([await codesFor(asked.id), await codesFor(reported.id)]).toEqual([
        ["REQUEST_PATIENT_MISMATCH"],
        ["REPORT_PATIENT_MISMATCH"],
      ]);
      const read = await Reporting.read(region.as("rohan.patel"), {
        studyId: await studyIdOf(region, study),
      });
      expect(read).toMatchObject({
        state: "none-received",
        versions: [],
        request: undefined,
        isTiedToAnother: true,
      });
      expect(await mayOpen("9005", other.number)).toBeUndefined();
    });
    it("is tried again by a PACS manager: it waits anew while it is wrong, and is taken in once it is right", async () => {
      const { one, other, reported } = await wrongFirst();
      const manager = region.as("tom.reyes");
      const retry = async () => {
        const [item] = await waitingFor(reported.id);
        await Ingest.retryQuarantined(manager, { quarantineId: item?.id ?? "", reason: "asked the sender" });
        await region.drain();
      };
      await retry();
      expect(await codesFor(reported.id)).toEqual(["REPORT_PATIENT_MISMATCH"]);
      const listed = await Ingest.listQuarantine(manager, {});
      expect(listed.items.find(({ identity }) => identity.controlId === reported.id)).toMatchObject({
        kind: "hl7",
        identity: { messageType: "ORU^R01", sender: "RIS, RXC", localNumber: other.number },
      });
      // A person says that the two numbers are one: the record of the report joins the study's patient.
      await rows(
        region,
        "UPDATE patient_record SET patient_id = (SELECT patient_id FROM patient_record WHERE local_number = $1) WHERE local_number = $2",
        one.number,
        other.number,
      );
      await retry();
      expect(await codesFor(reported.id)).toEqual([]);
      const versions = await rows(
        region,
        "SELECT text FROM report_version WHERE aside_at IS NULL AND message_id LIKE $1",
        `%${reported.id}`,
      );
      expect(versions).toEqual([{ text: "of somebody else" }]);
    });
  });

  it("the same id with other bytes is a conflict that a person sees, and its sender may send it anew under its own", async () => {
    const { number, envelope } = fresh();
    const first = envelope();
    const text = adt("A31", first);
    const outcomes = await tell(text, text, text.replaceAll("\r", "\n"));
    expect(outcomes.sort()).toEqual(["accepted", "duplicate", "duplicate"]);
    const other = adt("A31", { ...first, person: { ...ROWAN, given: "Hazel" } });
    expect(await tell(other)).toEqual(["quarantined HL7_ID_REUSED"]);
    expect((await recordOf(number))?.given).toBe("Rowan");
    const [item] = await rows<{ id: string }>(
      region,
      "SELECT id::text FROM quarantine_item WHERE code = 'HL7_ID_REUSED' AND identity ->> 'controlId' = $1",
      first.id,
    );
    await Ingest.discardQuarantined(region.as("tom.reyes"), {
      quarantineId: item?.id ?? "",
      reason: "the sender's mistake",
    });
    expect(
      await tell(adt("A31", { ...first, id: `${first.id}-2`, person: { ...ROWAN, given: "Hazel" } })),
    ).toEqual(["accepted"]);
    expect((await recordOf(number))?.given).toBe("Hazel");
  });
});

import { type AddressInfo, createServer } from "node:net";
import * as Correction from "@weald/core/correction";
import * as Patient from "@weald/core/patient";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import dimse from "dcmjs-dimse";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, dicom, rowan, rows, sendAll, studyIdOf } from "../sent.ts";
import { CALLED, type EdgeProcess, edgeProcess, until } from "./edge-process.ts";
import { type RegionDoor, regionDoor } from "./region-door.ts";
import { type Relay, relay } from "./relay.ts";
import { type StoreScp, storeScp } from "./store-scp.ts";

const { requests } = dimse;
type Request = InstanceType<typeof requests.Request>;
type Response = InstanceType<typeof dimse.responses.Response>;

const UNABLE = 0xc001;
const today = new Date().toISOString().slice(0, 10).replaceAll("-", "");
const ofToday = { date: today, time: "000001" };
const said = (localNumber: string, family: string) => rowan({ localNumber, family, nhs: "" });
const clockNow = () =>
  new Intl.DateTimeFormat("en-GB", {
    timeZone: "Europe/London",
    hour: "2-digit",
    minute: "2-digit",
  }).format(new Date());
const datasetIn = (file: Uint8Array) => Buffer.from(file).subarray(144 + Buffer.from(file).readUInt32LE(140));

describe("what is read at the gateway while the region is away", () => {
  let region: Region;
  let door: RegionDoor;
  let lines: [Relay, Relay];
  let edge: EdgeProcess;
  let workstation: StoreScp;
  let asksOnly: { port: number; onCall(act: () => void): void; close(): void };
  const [study, series, corrected] = [mintUid(), mintUid(), mintUid()];
  const [secret, elsewhere, wrong] = [mintUid(), mintUid(), mintUid()];
  const sops = [mintUid(), mintUid()];
  const held = new Map<string, Uint8Array>();
  const ash = said("RXC-1", "Ash");

  beforeAll(async () => {
    region = await Region.create();
    door = await regionDoor(region);
    lines = [await relay(door.url), await relay(region.dicomwebUrl)];
    workstation = await storeScp();
    asksOnly = await callable();
    for (const [index, sop] of sops.entries())
      held.set(
        sop,
        bytesOf({ of: ash, study, series, sop, number: index + 1, ...ofToday, description: "Chest" }),
      );
    await sendAll(
      region,
      "RXC",
      ...[...held.values()].map(dicom),
      dicom(bytesOf({ of: said("RXC-2", "Beech"), study: corrected, ...ofToday })),
      dicom(bytesOf({ of: said("RXC-3", "Cedar"), study: secret, ...ofToday })),
      dicom(bytesOf({ of: said("RXC-4", "Dogwood"), study: wrong, ...ofToday })),
    );
    await sendAll(
      region,
      "RTK",
      dicom(bytesOf({ of: said("RTK-1", "Elder"), study: elsewhere, ...ofToday })),
    );
    const manager = region.as("tom.reyes");
    await Patient.markSensitive(manager, {
      custodian: "RXC",
      localNumber: "RXC-3",
      sensitivities: ["staff"],
    });
    await Correction.ask(manager, {
      kind: "correct",
      studyId: await studyIdOf(region, corrected),
      level: "study",
      says: { description: "Left knee" },
      reason: "mistyped",
    });
    const client = (id: string, isKeptFor: boolean) => ({
      id,
      secret: `secret of ${id}`,
      scope: "studies.read",
      isKeptFor,
    });
    edge = await edgeProcess({
      regionUrl: lines[0].url,
      config: {
        region: {
          portalUrl: lines[0].url,
          issuer: lines[0].url,
          dicomwebUrl: `${lines[1].url}/dicomweb`,
          clientId: "gateway-RXC",
          clientSecret: "secret of gateway-RXC",
        },
        cache: { mostBytes: 10_000_000, checkSeconds: 0.2 },
        applicationEntities: [
          { title: "PACS1", client: client("system-RXC", true) },
          { title: "OTHER", client: client("system-RTK", true) },
          { title: "ONLINE", client: client("reader-RXC", false) },
          { title: "WS1", host: "127.0.0.1", port: workstation.port },
          { title: "STALLS", host: "127.0.0.1", port: asksOnly.port },
        ],
      },
    });
    await filled();
  }, 120_000);
  afterEach(async () => {
    for (const line of lines) line.mend();
    workstation.stored.clear();
    await told();
  });
  afterAll(async () => {
    await edge?.stop();
    workstation?.close();
    asksOnly?.close();
    for (const line of lines ?? []) await line.close();
    await door?.close();
    await region?.stop();
  });

  const filled = () =>
    until("what is needed is kept", async () => {
      const wanted = await edge.metric("weald_edge_cache_studies_wanted");
      return wanted > 0 && wanted === (await edge.metric("weald_edge_cache_studies_kept"));
    });
  const told = () =>
    until("looks are told", async () => (await edge.metric("weald_edge_looks_waiting")) === 0);
  const cut = () => {
    for (const line of lines) line.cut();
  };

  function ask(request: Request, calling = "PACS1"): Promise<Response[]> {
    const all: Response[] = [];
    request.on("response", (response: Response) => all.push(response));
    const asking = new dimse.Client();
    asking.addRequest(request);
    return new Promise((resolve) => {
      asking.on("networkError", () => resolve(all));
      asking.on("closed", () => resolve(all));
      asking.send("127.0.0.1", edge.dimsePort(), calling, CALLED);
    });
  }
  const find = (keys: Record<string, string>, calling?: string) =>
    ask(
      requests.CFindRequest.createStudyFindRequest({ StudyDescription: "", PatientName: "", ...keys }),
      calling,
    );
  const move = (uid: string, calling?: string, to = "WS1") =>
    ask(requests.CMoveRequest.createStudyMoveRequest(to, uid), calling);
  const elementsOf = (answers: readonly Response[]) =>
    answers.slice(0, -1).map((answer) => answer.getDataset()?.getElements() ?? {});
  const statusOf = (answers: readonly Response[]) => answers.at(-1)?.getStatus();
  const commentOf = (answers: readonly Response[]) =>
    String(answers.at(-1)?.getCommandDataset().getElements().ErrorComment);
  const looksAt = async (studyId: string | null) =>
    rows<{ verb: string; detail: Record<string, unknown>; actor_id: string }>(
      region,
      `SELECT verb, detail, actor_id FROM audit_event WHERE action = 'study.record-edge-looks'
        AND study_id IS NOT DISTINCT FROM $1::uuid ORDER BY at`,
      studyId,
    );

  it("finds what it was granted, and says in each answer how old that is", async () => {
    cut();
    const before = clockNow();
    const answers = await find({ PatientID: "RXC-1" });
    const times = [before, clockNow(), clockNow()].map((time) => `(as of ${time}) Chest`);
    expect(statusOf(answers)).toBe(0);
    expect(commentOf(answers)).toMatch(/^Region away: today's lists as of \d\d:\d\d, not all there is\.$/);
    const [found, ...more] = elementsOf(answers);
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      StudyInstanceUID: study,
      InstanceAvailability: "ONLINE",
      RetrieveAETitle: CALLED,
    });
    expect(times).toContain(found?.StudyDescription);
    const images = await ask(
      requests.CFindRequest.createImageFindRequest({ StudyInstanceUID: study, SeriesInstanceUID: series }),
    );
    expect(
      elementsOf(images)
        .map(({ SOPInstanceUID }) => SOPInstanceUID)
        .sort(),
    ).toEqual([...sops].sort());
  });

  it("moves it byte for byte, with what was corrected as it is served", async () => {
    expect(statusOf(await move(corrected))).toBe(0);
    const [online] = [...workstation.stored.values()];
    workstation.stored.clear();
    cut();
    const answers = await move(study);
    expect([statusOf(answers), commentOf(answers)]).toEqual([
      0,
      expect.stringMatching(/^Kept here, as of \d\d:\d\d\.$/),
    ]);
    for (const sop of sops)
      expect(workstation.stored.get(sop)?.dataset.equals(datasetIn(held.get(sop) ?? new Uint8Array()))).toBe(
        true,
      );
    workstation.stored.clear();
    expect(statusOf(await move(corrected))).toBe(0);
    const [kept] = [...workstation.stored.values()];
    expect(kept?.dataset.includes("Left knee")).toBe(true);
    expect(kept?.dataset.equals(online?.dataset ?? Buffer.alloc(0))).toBe(true);
  });

  it("never answers with nothing: what isn't kept may well be in the region", async () => {
    cut();
    expect(statusOf(await find({ PatientID: "RXC-99" }))).toBe(UNABLE);
    expect(statusOf(await find({ AccessionNumber: "unknown" }))).toBe(UNABLE);
    expect(statusOf(await move(mintUid()))).toBe(UNABLE);
  });

  it("shows nothing to who wasn't granted it, or isn't kept for", async () => {
    cut();
    for (const calling of ["OTHER", "ONLINE"]) {
      expect(statusOf(await find({ PatientID: "RXC-1" }, calling))).toBe(UNABLE);
      expect(statusOf(await move(study, calling))).toBe(UNABLE);
    }
    expect(elementsOf(await find({ PatientID: "RTK-1" }, "OTHER"))).toHaveLength(1);
    expect(workstation.stored.size).toBe(0);
  });

  it("shows nothing of a restricted patient, as online", async () => {
    cut();
    expect(elementsOf(await find({})).map(({ StudyInstanceUID }) => StudyInstanceUID)).not.toContain(secret);
    expect(statusOf(await move(secret))).toBe(UNABLE);
  });

  it("each look is told to the region once, as what it was and when", async () => {
    const studyId = await studyIdOf(region, study);
    const before = (await looksAt(studyId)).length;
    cut();
    const from = new Date().toISOString();
    await move(study);
    const to = new Date().toISOString();
    expect(await edge.metric("weald_edge_looks_waiting")).toBeGreaterThan(0);
    for (const line of lines) line.mend();
    await told();
    const looks = await looksAt(studyId);
    expect(looks).toHaveLength(before + 1);
    expect(looks.at(-1)).toMatchObject({
      verb: "taken-out",
      actor_id: "system-RXC",
      detail: { by: "PACS1", to: "WS1", count: 2 },
    });
    const lookedAt = String(looks.at(-1)?.detail.lookedAt);
    expect(lookedAt >= from && lookedAt <= to).toBe(true);
    const listed = await looksAt(null);
    expect(listed.every(({ verb }) => verb === "listed")).toBe(true);
  });

  it("a look is on the disk before a byte leaves: killed between the two, it is told after the next start", async () => {
    const studyId = await studyIdOf(region, study);
    const before = (await looksAt(studyId)).length;
    cut();
    // The destination is called: nothing of an image has left.
    asksOnly.onCall(() => void edge.kill());
    await move(study, "PACS1", "STALLS");
    await edge.start();
    expect(await edge.metric("weald_edge_looks_waiting")).toBe(1);
    // What is kept outlives the crash too.
    expect(elementsOf(await find({ PatientID: "RXC-1" }))).toHaveLength(1);
    for (const line of lines) line.mend();
    await told();
    expect(await looksAt(studyId)).toHaveLength(before + 1);
  });

  it("what is moved to another patient isn't shown under the old one any more", async () => {
    const manager = region.as("tom.reyes");
    const [to] = await rows<{ patient_id: string }>(
      region,
      "SELECT patient_id::text FROM study WHERE study_instance_uid = $1",
      study,
    );
    cut();
    expect(elementsOf(await find({ PatientID: "RXC-4" }))).toHaveLength(1);
    await Correction.ask(manager, {
      kind: "move",
      studyId: await studyIdOf(region, wrong),
      patientId: to?.patient_id ?? "",
      reason: "the wrong line was taken",
    });
    await region.drain();
    // The region is back, its DICOMweb door isn't: what the cache shows comes after what was corrected.
    lines[0].mend();
    const isKnown = async () => statusOf(await find({ PatientID: "RXC-4" })) === UNABLE;
    await until("the correction is known", isKnown);
    expect(statusOf(await move(wrong))).toBe(UNABLE);
    lines[1].mend();
    await filled();
    cut();
    const found = elementsOf(await find({ StudyInstanceUID: wrong, PatientID: "" }));
    expect(found.map(({ PatientID }) => PatientID)).toEqual(["RXC-1"]);
    expect(elementsOf(await find({ PatientID: "RXC-1" }))).toHaveLength(2);
  });

  it("what is rejected is dropped within the minute while the region is there", async () => {
    await filled();
    const kept = await edge.metric("weald_edge_cache_studies_kept");
    await Correction.ask(region.as("tom.reyes"), {
      kind: "reject",
      studyId: await studyIdOf(region, corrected),
      level: "study",
      code: "113037",
      reason: "unsafe",
    });
    await region.drain();
    await until("it is dropped", async () => (await edge.metric("weald_edge_cache_studies_kept")) < kept);
    cut();
    expect(statusOf(await move(corrected))).toBe(UNABLE);
  });

  it("the page says how much is kept, for whom and as of when, and nothing of a patient", async () => {
    await filled();
    const page = await (await fetch(edge.httpUrl())).text();
    expect(page).toContain("Kept for when the region is away");
    expect(page).toMatch(/system-RXC<\/th><td>(\d+) of \1<\/td><td>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC<\/td>/);
    expect(page).not.toMatch(/Ash|Rowan|RXC-1\b/);
    expect(page).not.toContain(study);
    const said = [page, ...edge.lines].join("\n");
    expect(said).not.toMatch(/Ash|Cedar|RXC-1\b/);
    for (const uid of [study, corrected, wrong]) expect(said).not.toContain(uid);
  });

  it("what was fetched for the cache is on the record as fetched ahead", async () => {
    const verbs = await rows<{ verb: string }>(
      region,
      "SELECT DISTINCT verb FROM audit_event WHERE action = 'study.retrieve' AND study_id = $1::uuid AND outcome = 'success'",
      await studyIdOf(region, study),
    );
    expect(verbs).toEqual([{ verb: "fetched-ahead" }]);
  });
});

/** A system that is called and says nothing. */
async function callable() {
  let act = () => {};
  const server = createServer((socket) => {
    socket.on("error", () => {});
    act();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    onCall(next: () => void) {
      act = next;
    },
    close: () => server.close(),
  };
}

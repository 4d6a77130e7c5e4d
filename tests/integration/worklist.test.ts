import { mayRead, sampleFacts } from "@weald/core/access";
import { ACTIVITIES, type Activity, type Actor, type Ctx } from "@weald/core/kernel";
import * as Patient from "@weald/core/patient";
import * as Study from "@weald/core/study";
import * as Worklist from "@weald/core/worklist";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  image,
  quietCursor,
  report,
  rowan,
  rows,
  type Shot,
  sendAll,
  sendUnfinished,
  studyIdOf,
  systemCtx,
} from "./sent.ts";

const RELATED = "p-related";
type Held = {
  id: string;
  custodian: string;
  modalities: string[];
  sensitivities: string[];
  isRelated: boolean;
};

const factsOf = ({ custodian, sensitivities }: Held, isRelated: boolean) =>
  sampleFacts(custodian, { sensitivities, relationships: isRelated ? ["statement"] : [] });

/** Which of the activities decide about lists: every set of them is asked. */
const DECIDING: readonly Activity[] = ["report", "view", "acquire", "manage-archive", "list-for-mdt"];
const subsets = Array.from({ length: 2 ** DECIDING.length }, (_, bits) =>
  DECIDING.filter((_activity, index) => bits & (1 << index)),
);

describe("a list", () => {
  let region: Region;
  let reader: Ctx;
  const of = (localNumber: string) => rowan({ localNumber, nhs: "", given: localNumber });
  const uids: Record<string, string> = {};
  const shot = (name: string, more: Shot = {}): Shot => {
    const study = mintUid();
    uids[name] = study;
    return { of: of(name), study, ...more };
  };

  beforeAll(async () => {
    region = await Region.create();
    reader = region.as("amara.okafor@RXC");
    await sendAll(
      region,
      "RXC",
      image(shot("own", { accession: "A1", date: "20261101", time: "093000", modality: "DX", counted: 1 })),
      image(shot("own-vip", { date: "20261102", modality: "CT", accession: "A2", counted: 1 })),
      image(shot("own-related", { date: "20261103", modality: "MR", accession: "A3", counted: 1 })),
      image(shot("undated", { more: { "00080020": { vr: "DA" }, "00080030": { vr: "TM" } } })),
      report({ of: of("own"), accession: "A1", id: "1", at: "20261102100000", status: "F", text: "x" }),
      report({
        of: of("own-related"),
        accession: "A3",
        id: "3",
        at: "20261104100000",
        status: "P",
        text: "x",
      }),
    );
    await sendAll(
      region,
      "RA2",
      image(shot("other", { date: "20261104" })),
      image(shot("other-vip", { date: "20261105" })),
      image(shot("other-related", { date: "20261106" })),
      image(shot("other-vip-related", { date: "20261107" })),
    );
    await sendAll(region, "RTP", image(shot("outside", { date: "20261108" })));
    const mark = (custodian: string, localNumber: string) =>
      Patient.markSensitive(systemCtx(region), { custodian, localNumber, sensitivities: ["vip"] });
    await mark("RXC", "own-vip");
    await mark("RA2", "other-vip");
    await mark("RA2", "other-vip-related");
    await rows(
      region,
      `INSERT INTO relationship (id, patient_id, person_id, organisation, kind, source, starts_at, ends_at)
       SELECT uuidv7(), patient_id, $1, 'RXC', 'mdt', 'test', now() - interval '1 hour', now() + interval '1 day'
       FROM patient_record WHERE local_number LIKE '%related' RETURNING id::text`,
      RELATED,
    );
    await rows(
      region,
      `INSERT INTO relationship (id, patient_id, person_id, organisation, kind, source, starts_at, ends_at)
       SELECT uuidv7(), patient_id, $1, 'RXC', 'mdt', 'ended', now() - interval '2 days', now() - interval '1 day'
       FROM patient_record WHERE local_number = 'other' RETURNING id::text`,
      RELATED,
    );
  });
  afterAll(() => region.stop());

  const nameOf = (study: string) => Object.entries(uids).find(([, uid]) => uid === study)?.[0] ?? study;
  const listed = async (ctx: Ctx, filters: Parameters<typeof Worklist.list>[1]["filters"] = {}) =>
    (await Worklist.list(ctx, { filters })).rows.map(({ studyInstanceUid }) => nameOf(studyInstanceUid));

  /** All that stands in the region, seen by nobody's rules. */
  const all = (): Promise<Held[]> =>
    rows<Held>(
      region,
      `SELECT s.study_instance_uid AS id, s.custodian, s.modalities, p.sensitivities, EXISTS (SELECT 1 FROM relationship l WHERE l.patient_id = s.patient_id
         AND l.person_id = $1 AND l.ends_at > now()) AS "isRelated" FROM study s JOIN patient_record p ON p.id = s.patient_record_id`,
      RELATED,
    );

  it("holds exactly what its reader may open, whatever their activities, trust and relationships", async () => {
    const held = await all();
    expect(held).toHaveLength(Object.keys(uids).length);
    for (const organisation of ["RXC", "RA2", "RPC", "RTP"])
      for (const id of [RELATED, "p-alone"])
        for (const activities of subsets) {
          const actor: Actor = {
            kind: "person",
            id,
            roleId: "r",
            role: "clinician",
            organisation,
            activities,
          };
          // Of trusts without an agreement nothing is there, whatever the policy: that is row-level security's.
          const isThere = ({ custodian }: Held) =>
            custodian === organisation || (custodian !== "RTP" && organisation !== "RTP");
          const mayOpen = held.filter(
            (one) =>
              isThere(one) && mayRead.decide(actor, factsOf(one, one.isRelated && id === RELATED)).allowed,
          );
          const says = `${organisation} ${id} ${activities.join()}`;
          expect([says, ...(await listed(region.ctxOf(actor))).sort()]).toEqual([
            says,
            ...mayOpen.map((one) => nameOf(one.id)).sort(),
          ]);
          const ofModality = mayOpen.filter(({ modalities }) => modalities.includes("DX"));
          expect([says, ...(await listed(region.ctxOf(actor), { modality: "DX" })).sort()]).toEqual([
            says,
            ...ofModality.map((one) => nameOf(one.id)).sort(),
          ]);
          const ofTrust = mayOpen.filter(({ custodian }) => custodian === "RA2");
          expect([says, ...(await listed(region.ctxOf(actor), { custodian: "RA2" })).sort()]).toEqual([
            says,
            ...ofTrust.map((one) => nameOf(one.id)).sort(),
          ]);
        }
    expect(ACTIVITIES).toEqual(expect.arrayContaining([...DECIDING]));
  });

  it.each([
    ["amara.okafor@RXC", "reporting"],
    ["helen.whitlock", "reporting"],
    ["ines.marlow", "relationships"],
    ["grace.fielding", "own-trust"],
    ["tom.reyes", "own-trust"],
    ["beth.calloway", "meetings"],
    ["edmund.frost", "none"],
  ])("says whose it is: %s's is %s", async (key, kind) =>
    expect((await Worklist.list(region.as(key), {})).kind).toBe(kind),
  );

  it("is newest first, those without a date last", async () =>
    expect(await listed(reader)).toEqual([
      "other-related",
      "other",
      "own-related",
      "own-vip",
      "own",
      "undated",
    ]));

  it.each([
    ["from a day", { from: "2026-11-03" }, ["other-related", "other", "own-related"]],
    ["to a day", { to: "2026-11-02" }, ["own-vip", "own"]],
    ["of one day", { from: "2026-11-02", to: "2026-11-02" }, ["own-vip"]],
    ["of a modality", { modality: "MR" }, ["own-related"]],
    ["of a trust", { custodian: "RA2" }, ["other-related", "other"]],
    ["reported", { reportState: "reported" as const }, ["own"]],
    ["preliminary", { reportState: "preliminary" as const }, ["own-related"]],
    ["unreported", { reportState: "unreported" as const, custodian: "RXC" }, ["own-vip", "undated"]],
    ["of two at once", { modality: "DX", from: "2026-11-05" }, ["other-related"]],
    ["of what isn't there", { modality: "XA" }, []],
  ])("is filtered: %s", async (_says, filters, names) =>
    expect(await listed(reader, filters)).toEqual(names),
  );

  it.each([{ modality: "dx" }, { custodian: "'; DROP TABLE study" }, { from: "yesterday" }])(
    "refuses a filter that is none: %j",
    (filters) => expect(Worklist.list(reader, { filters })).rejects.toMatchObject({ code: "INPUT_INVALID" }),
  );

  it("asks for what is incomplete", async () => {
    const series = mintUid();
    await sendUnfinished(region, "RXC", [image(shot("arriving", { series, date: "20261020" }))]);
    await sendAll(region, "RXC", image(shot("short", { counted: 3, date: "20261021" })));
    expect(await listed(reader, { isIncomplete: true })).toEqual(["short", "arriving"]);
  });

  it("leaves one row on the audit that says what was asked and how many came", async () => {
    await Worklist.list(reader, { filters: { modality: "MR" } });
    const [last] = await rows<{ detail: unknown; verb: string }>(
      region,
      "SELECT verb, detail FROM audit_event WHERE action = 'worklist.list' AND detail->>'modality' = 'MR' ORDER BY at DESC LIMIT 1",
    );
    expect(last).toEqual({ verb: "listed", detail: { modality: "MR", rows: 1 } });
  });

  it("pages by key: every study once, also of one moment and without any", async () => {
    const crowd = Array.from({ length: 110 }, (_, index) =>
      image({
        of: of("crowd"),
        modality: "US",
        ...(index % 10 === 0 ? { date: "", time: "" } : { date: "20250101", time: "120000" }),
      }),
    );
    await sendAll(region, "RYR", ...crowd);
    const seen: string[] = [];
    const sizes: number[] = [];
    let cursor: Awaited<ReturnType<typeof Worklist.list>>["next"];
    do {
      const page = await Worklist.list(reader, { filters: { modality: "US" }, cursor: cursor ?? null });
      seen.push(...page.rows.map(({ studyId }) => studyId));
      sizes.push(page.rows.length);
      cursor = page.next;
    } while (cursor);
    expect(sizes).toEqual([50, 50, 10]);
    expect(new Set(seen).size).toBe(110);
  });

  describe("its change cursor", () => {
    const changed = async (since: string) => (await Worklist.hasChanged(reader, { since })).changed;
    const cursorNow = () => quietCursor(reader);
    const anyCursor = async () => (await Worklist.list(reader, {})).changeCursor;

    it("is quiet while nothing changes, and hears of an arrival, a settling and a check", async () => {
      expect(await changed(await cursorNow())).toBe(false);
      const before = await cursorNow();
      await sendAll(region, "RXC", image(shot("new", { date: "20261109" })));
      expect(await changed(before)).toBe(true);
      const studyId = await studyIdOf(region, uids.new ?? "");
      const unchecked = await cursorNow();
      expect(await changed(unchecked)).toBe(false);
      await Study.confirmComplete(region.as("grace.fielding"), { studyId, count: 1 });
      expect(await changed(unchecked)).toBe(true);
    });

    it("stands beside no row as it does beside many", async () => {
      const many = await anyCursor();
      const { rows, changeCursor } = await Worklist.list(reader, { filters: { modality: "SM" } });
      expect(rows).toEqual([]);
      expect(BigInt(changeCursor)).toBeGreaterThanOrEqual(BigInt(many));
      await sendAll(region, "RXC", image(shot("new beside none", { date: "20261109" })));
      expect(await changed(changeCursor)).toBe(true);
    });

    it("doesn't miss a transaction that began before the list was read and committed after it", async () => {
      let [begun, goOn] = [() => {}, () => {}];
      const isBegun = new Promise<void>((resolve) => {
        begun = resolve;
      });
      const mayGoOn = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      const late = region.service.db.transaction(
        { organisation: null, patients: [], now: new Date() },
        async (tx) => {
          await tx.study.updateMany({
            where: { studyInstanceUid: uids.own ?? "" },
            data: { description: "late" },
          });
          begun();
          await mayGoOn;
        },
      );
      await isBegun;
      // A later transaction commits first: a cursor of "the highest seen" would pass over the one that is still open.
      await region.service.db.transaction({ organisation: null, patients: [], now: new Date() }, (tx) =>
        tx.study.updateMany({
          where: { studyInstanceUid: uids.other ?? "" },
          data: { description: "early" },
        }),
      );
      const since = await anyCursor();
      goOn();
      await late;
      expect(await changed(since)).toBe(true);
      expect(await changed(await cursorNow())).toBe(false);
    });

    it("tells of nothing that its reader can't see", async () => {
      const since = await cursorNow();
      await sendAll(region, "RTP", image(shot("hidden")));
      expect(await changed(since)).toBe(false);
    });

    it("is a number, and nothing else is taken for one", () =>
      expect(Worklist.hasChanged(reader, { since: "1; SELECT 1" })).rejects.toMatchObject({
        code: "INPUT_INVALID",
      }));
  });
});

import { mayRead, sampleFacts } from "@weald/core/access";
import { type Activity, type Actor, may } from "@weald/core/kernel";
import * as Patient from "@weald/core/patient";
import * as Study from "@weald/core/study";
import * as Worklist from "@weald/core/worklist";
import { Region } from "@weald/dev-env/region";
import { type DicomJson, mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, image, rowan, rows, sendAll, systemCtx } from "../sent.ts";

const RELATED = "p-related";
const NAMES = [
  "own",
  "own-vip",
  "own-related",
  "other",
  "other-vip",
  "other-related",
  "other-vip-related",
  "outside",
];
type Held = { name: string; custodian: string; sensitivities: string[]; isRelated: boolean };

const factsOf = ({ custodian, sensitivities, isRelated }: Held, actor: Actor) =>
  sampleFacts(custodian, {
    sensitivities,
    relationships: isRelated && actor.kind === "person" && actor.id === RELATED ? ["mdt"] : [],
  });

const DECIDING: readonly Activity[] = ["report", "view", "acquire", "state-relationship"];
const people = ["RXC", "RA2", "RPC", "RTP"].flatMap((organisation) =>
  [RELATED, "p-alone"].flatMap((id) =>
    Array.from(
      { length: 2 ** DECIDING.length },
      (_, bits): Actor => ({
        kind: "person",
        id,
        roleId: "r",
        role: "clinician",
        organisation,
        activities: DECIDING.filter((_activity, index) => bits & (1 << index)),
      }),
    ),
  ),
);
const clients = ["RXC", "RA2", "RPC", "RTP"].flatMap((organisation) =>
  [["studies.read"], ["studies.read.region"], ["studies.read", "studies.read.region"]].map(
    (scopes): Actor => ({ kind: "client", id: "c", organisation, scopes }),
  ),
);

describe("a search", () => {
  let region: Region;
  const uids = Object.fromEntries(NAMES.map((name) => [name, mintUid()]));
  const nameOf = (dataset: DicomJson) =>
    NAMES.find((name) => uids[name] === dataset["0020000D"]?.Value?.[0]) ?? "?";
  let held: Held[];

  beforeAll(async () => {
    region = await Region.create();
    const shots = (prefix: string) =>
      NAMES.filter((name) => name.startsWith(prefix)).map((name) =>
        image({ study: uids[name] ?? "", of: rowan({ localNumber: name, nhs: "", given: name }) }),
      );
    await sendAll(region, "RXC", ...shots("own"));
    await sendAll(region, "RA2", ...shots("other"));
    await sendAll(region, "RTP", ...shots("outside"));
    for (const [custodian, localNumber] of [
      ["RXC", "own-vip"],
      ["RA2", "other-vip"],
      ["RA2", "other-vip-related"],
    ] as const)
      await Patient.markSensitive(systemCtx(region), { custodian, localNumber, sensitivities: ["vip"] });
    await rows(
      region,
      `INSERT INTO relationship (id, patient_id, person_id, organisation, kind, source, starts_at, ends_at)
       SELECT uuidv7(), patient_id, $1, 'RXC', 'mdt', 'test', now() - interval '1 hour', now() + interval '1 day'
       FROM patient_record WHERE local_number LIKE '%related' RETURNING id::text`,
      RELATED,
    );
    held = await rows<Held>(
      region,
      `SELECT p.local_number AS name, s.custodian, p.sensitivities, EXISTS (SELECT 1 FROM relationship l WHERE l.patient_id = s.patient_id
         AND l.person_id = $1) AS "isRelated" FROM study s JOIN patient_record p ON p.id = s.patient_record_id`,
      RELATED,
    );
  });
  afterAll(() => region.stop());

  const mayOpen = (actor: Actor) =>
    held
      // Of trusts without an agreement nothing is there, whatever the policy: that is row-level security's.
      .filter(({ custodian }) => {
        const own = actor.kind === "system" ? "" : actor.organisation;
        return custodian === own || (custodian !== "RTP" && own !== "RTP");
      })
      .filter((one) => mayRead.decide(actor, factsOf(one, actor)).allowed)
      .map(({ name }) => name)
      .sort();

  it.each([
    ["studies", Study.findStudies],
    ["series", Study.findSeries],
    ["instances", Study.findInstances],
  ] as const)(
    "of %s finds exactly what whoever asks may open, whatever their scopes or activities",
    async (_says, find) => {
      expect(held).toHaveLength(NAMES.length);
      for (const actor of [...people, ...clients]) {
        const { matches } = await find(region.ctxOf(actor), {});
        expect([actor, ...matches.map(nameOf).sort()]).toEqual([actor, ...mayOpen(actor)]);
      }
    },
  );

  it("is never wider for a person than the portal's list", async () => {
    for (const actor of people) {
      const ctx = region.ctxOf(actor);
      const { rows: listed } = await Worklist.list(ctx, {});
      const onList = new Set(listed.map(({ studyInstanceUid }) => studyInstanceUid));
      for (const { "0020000D": uid } of (await Study.findStudies(ctx, {})).matches)
        expect([actor, onList.has(String(uid?.Value?.[0]))]).toEqual([actor, true]);
    }
  });

  it("says of the hidden what it says of what isn't there, by UID, by path and by its trust's path", async () => {
    const ctx = region.system("RXC", ["studies.read"]);
    for (const name of ["own-vip", "other", "outside"]) {
      const studyInstanceUid = uids[name] ?? "";
      for (const custodian of [undefined, "RXC", "RA2", "RTP"]) {
        const asked = { ...(custodian ? { custodian } : {}), studyInstanceUid };
        const absent = { ...asked, studyInstanceUid: mintUid() };
        expect(await Study.findSeries(ctx, asked)).toEqual(await Study.findSeries(ctx, absent));
        expect(await Study.findInstances(ctx, asked)).toEqual(await Study.findInstances(ctx, absent));
      }
      const parameters: [string, string][] = [["StudyInstanceUID", studyInstanceUid]];
      expect((await Study.findStudies(ctx, { parameters })).matches).toEqual([]);
    }
  });

  it("names as unavailable what is withheld, where its UID is asked for, and says nothing else of it", async () => {
    for (const actor of people) {
      const decided = (one: Held) => mayRead.decide(actor, factsOf(one, actor));
      const own = actor.kind === "person" ? actor.organisation : "";
      const isReader =
        actor.kind === "person" && actor.activities.some((one) => one !== "state-relationship");
      const expected = held
        .filter(() => isReader)
        .filter(({ custodian }) => custodian === own || (custodian !== "RTP" && own !== "RTP"))
        .filter((one) => {
          const decision = decided(one);
          return !decision.allowed && may(actor, "state-relationship");
        })
        .map(({ name }) => name);
      const parameters: [string, string][] = [["StudyInstanceUID", Object.values(uids).join(",")]];
      const { matches } = await Study.findStudies(region.ctxOf(actor), { parameters });
      const withheld = matches.filter((dataset) => dataset["00080056"]?.Value?.[0] === "UNAVAILABLE");
      expect([actor, ...withheld.map(nameOf).sort()]).toEqual([actor, ...expected.sort()]);
      for (const dataset of withheld)
        expect(Object.keys(dataset)).toEqual(["00080005", "00080056", "0020000D"]);
      const narrowed: [string, string][] = [...parameters, ["PatientName", "*"], ["PatientSex", "F"]];
      const other = await Study.findStudies(region.ctxOf(actor), { parameters: narrowed });
      expect(other.matches.map((dataset) => dataset["00080056"]?.Value?.[0])).not.toContain("UNAVAILABLE");
    }
  });

  it("is refused to clients that may read nothing, and to our own functions", async () => {
    expect(await codeOf(Study.findStudies(region.gateway("RXC"), {}))).toBe("not-for-this-role");
    expect(await codeOf(Study.findStudies(systemCtx(region), {}))).toBe("no-list-of-its-own");
  });
});

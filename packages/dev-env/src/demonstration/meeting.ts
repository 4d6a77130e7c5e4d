import { randomUUID } from "node:crypto";
import type { Ctx } from "@weald/core/kernel";
import * as Mdt from "@weald/core/mdt";
import { ACTIVITIES_OF, findPerson, type Person } from "../people/index.ts";
import { demoPatients } from "../phantoms/index.ts";

const DAY = 86_400_000;
const NAME = "Lung MDT";

const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10);

function known(key: string) {
  const found = findPerson(key);
  if (!found) throw new Error(`nobody of the demonstration is called ${key}`);
  return found;
}

const displayName = ({ title, given, family }: Person) => `${title} ${given} ${family}`;

/** As somebody of the demonstration, in the set-up's own process. */
function as(ctx: Ctx, key: string): Ctx {
  const { person, contract } = known(key);
  const { roleId, role, organisation } = contract;
  return {
    ...ctx,
    door: "portal",
    correlationId: randomUUID(),
    actor: { kind: "person", id: person.uid, roleId, role, organisation, activities: ACTIVITIES_OF[role] },
  };
}

const MEMBERS = [
  ["beth.calloway", "coordinator"],
  ["rohan.patel", "chair"],
  ["amara.okafor@rxc", "radiologist"],
  ["daniel.ashdown", "surgeon"],
  ["ines.marlow", "physician"],
] as const;

const CASES: readonly (readonly [string, string, string, string])[] = [
  ["zielinski", "Nodule unchanged at 12 mm over a year. Resect or follow?", "Mr Daniel Ashdown", "28-day"],
  ["hollis", "Left effusion. Is there a cause to be sampled?", "Dr Ines Marlow", "62-day"],
  ["osei", "Weight loss. Mass on CT, what next?", "Dr Ines Marlow", "62-day"],
  ["carrington", "", "Mr Daniel Ashdown", "routine"],
];

function linesOfCases(): string {
  const lines = CASES.flatMap(([key, question, referrer, pathway], at) => {
    const patient = demoPatients.find((one) => one.key === key);
    if (!patient?.nhsNumber) return [];
    const target = isoDay(Date.now() + (14 + at) * DAY);
    return [[patient.nhsNumber, patient.birthDate, question, referrer, target, pathway].join("\t")];
  });
  return ["NHS number\tDate of birth\tQuestion\tReferrer\tTarget date\tPathway", ...lines].join("\n");
}

async function makeList(ctx: Ctx, coordinator: Ctx): Promise<void> {
  const { meetings } = await Mdt.listMeetings(coordinator, {});
  const meeting = meetings.find(
    ({ name, cutOffAt }) => name === NAME && Date.parse(cutOffAt) > ctx.service.now().getTime(),
  );
  if (!meeting) throw new Error("a weekly series has a meeting ahead");
  const { lines } = await Mdt.checkLines(coordinator, { meetingId: meeting.id, text: linesOfCases() });
  const found = lines.filter(({ outcome }) => outcome === "matched").map(({ stated }) => stated);
  if (found.length === 0) return;
  await Mdt.addCases(coordinator, {
    meetingId: meeting.id,
    source: "paste",
    basis: "referral",
    lines: found,
  });
}

/** A weekly lung meeting at Royal Surrey, with members and cases of several trusts. Once: a series that is there stays as it is. */
export async function seedMeeting(ctx: Ctx): Promise<void> {
  const coordinator = as(ctx, "beth.calloway");
  const series = await Mdt.listSeries(coordinator, {});
  if (series.some(({ name }) => name === NAME)) return;
  const { seriesId } = await Mdt.beginSeries(coordinator, {
    name: NAME,
    specialty: "Lung",
    weekday: 4,
    localTime: "13:30",
    durationMinutes: 90,
    firstOn: isoDay(ctx.service.now().getTime()),
    rooms: ["MDT room, level B", "by video"],
    sites: ["Guildford", "Brighton", "Eastbourne"],
    cutOffHours: 48,
    visibleHours: 72,
    quorum: [
      { part: "radiologist", atLeast: 1 },
      { part: "surgeon", atLeast: 1 },
      { part: "physician", atLeast: 1 },
    ],
    template: [
      {
        kind: "imaging",
        label: "CT chest, at most 28 days old",
        modalities: ["CT"],
        regions: ["chest"],
        maxAgeDays: 28,
      },
      { kind: "imaging", label: "PET-CT", modalities: ["PT"], regions: [] },
      { kind: "pathology", label: "Histology", modalities: [], regions: [] },
    ],
  });
  for (const [key, part] of MEMBERS) {
    const { person, contract } = known(key);
    const member = { seriesId, personId: person.uid, worksFor: contract.organisation, part };
    await Mdt.nameMember(coordinator, { ...member, displayName: displayName(person) });
  }
  await makeList(ctx, coordinator);
}

import { accessionOf, dayOf, identityIn } from "./modules.ts";
import { demoPatients, patientOf } from "./population.ts";
import type { DemoStudy } from "./studies.ts";

const escaped = (text: string) =>
  text
    .replaceAll("\\", "\\E\\")
    .replaceAll("|", "\\F\\")
    .replaceAll("^", "\\S\\")
    .replaceAll("&", "\\T\\")
    .replaceAll("~", "\\R\\");

function shifted(study: DemoStudy, minutes: number): string {
  const day = dayOf(study);
  const at = new Date(
    `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}T${study.time.slice(0, 2)}:${study.time.slice(2, 4)}:00Z`,
  );
  at.setUTCMinutes(at.getUTCMinutes() + minutes);
  return at.toISOString().replaceAll(/[-:T]/g, "").slice(0, 14);
}

function pid(study: DemoStudy, ofPatient: string): string {
  const patient = patientOf(ofPatient);
  const { number, family, given, birthDate } = identityIn(patient, study.custodian);
  const numbers = [
    `${number}^^^${study.custodian}^MR`,
    ...(patient.nhsNumber ? [`${patient.nhsNumber}^^^NHS^NH`] : []),
  ];
  return `PID|1||${numbers.join("~")}||${escaped(family)}^${escaped(given)}||${birthDate.replaceAll("-", "")}|${patient.sex}`;
}

const msh = (study: DemoStudy, type: string, at: string, id: string) =>
  `MSH|^~\\&|RIS|${study.custodian}|WEALD|REGION|${at}||${type}|${study.key}-${id}|P|2.5.1||||||UNICODE UTF-8`;

const SIDES: Record<string, string> = { XKNEL: "L", XKNER: "R", XKNEB: "B", XMAMB: "B" };

/** Who asks in each trust: an id of the identity provider where Weald knows them, else a name alone. */
const REFERRERS: Record<string, string> = {
  RYR: "555021935104^Marlow^Ines^^^Dr",
  RA2: "555021935105^Ashdown^Daniel^^^Mr",
  RPC: "555021935106^Nair^Priya^^^Miss",
  RTK: "555021935106^Nair^Priya^^^Miss",
  RXC: "^Thornbury^Gillian^^^Dr",
};

/** What was asked: an order with its question, as a RIS sends it. */
export function requestOf(study: DemoStudy): string {
  const accession = `${accessionOf(study)}^${study.custodian}`;
  const asked = shifted(study, -90);
  const referrer = REFERRERS[study.custodian] ?? "";
  const specimen = `^^^${study.bodyPart}^^${SIDES[study.procedure] ?? ""}`;
  const priority = study.daysAgo === 0 ? "S" : study.question?.includes("Lump") ? "2WW" : "R";
  return [
    msh(study, "ORM^O01^ORM_O01", asked, "ORM"),
    pid(study, study.patient),
    "PV1|1|O",
    `ORC|NW|${accession}|${accession}||CM||||${asked}|||${referrer}`,
    `OBR|1|${accession}|${accession}|${study.procedure}^${escaped(study.description)}^NICIP||${asked}|||||||${escaped(study.question ?? "")}||${specimen}|${referrer}||${accession}|||||||||^^^^^${priority}`,
  ].join("\r");
}

type Version = { status: "P" | "F" | "A"; minutes: number; lines: readonly string[]; id: string };

function reportMessage(study: DemoStudy, ofPatient: string, { status, minutes, lines, id }: Version): string {
  const accession = `${accessionOf(study)}^${study.custodian}`;
  const at = shifted(study, minutes);
  const fields = Array.from({ length: 32 }, () => "");
  const put = (field: number, value: string) => {
    fields[field - 1] = value;
  };
  put(1, "1");
  put(2, accession);
  put(3, accession);
  put(4, `${study.procedure}^${escaped(study.description)}^NICIP`);
  put(22, at);
  put(25, status);
  put(32, "555021935101^Okafor^Amara^^^Dr^Consultant radiologist");
  return [
    msh(study, "ORU^R01^ORU_R01", at, id),
    pid(study, ofPatient),
    `OBR|${fields.join("|")}`,
    ...lines.map((line, index) => `OBX|${index + 1}|TX|REPORT||${escaped(line)}||||||${status}`),
  ].join("\r");
}

/** The reports of a study, in order: preliminary, final, addendum; or one that names somebody else. */
export function reportsOf(study: DemoStudy): string[] {
  const lines = study.reportText ?? ["No abnormality seen."];
  const write = (version: Version, patient = study.patient) => reportMessage(study, patient, version);
  switch (study.report) {
    case "preliminary":
      return [write({ status: "P", minutes: 40, lines, id: "P" })];
    case "final":
      return [write({ status: "F", minutes: 180, lines, id: "F" })];
    case "addendum":
      return [
        write({ status: "F", minutes: 180, lines, id: "F" }),
        write({
          status: "A",
          minutes: 1500,
          lines: [...lines, "Addendum: discussed with the referring team."],
          id: "A",
        }),
      ];
    case "of-another": {
      const other = demoPatients.find(
        (one) =>
          one.key !== study.patient &&
          one.localNumbers.some(({ custodian }) => custodian === study.custodian),
      );
      return other ? [write({ status: "F", minutes: 200, lines, id: "F" }, other.key)] : [];
    }
    default:
      return [];
  }
}

import type { Activity, Role } from "@weald/core/kernel";

/** One contract of a person with one trust, as NHS CIS2 has it. */
export type Contract = { roleId: string; organisation: string; role: Role };
/** Somebody of the demonstration. Invented, as all its people are. */
export type Person = {
  key: string;
  uid: string;
  title: string;
  given: string;
  family: string;
  contracts: readonly Contract[];
};

export const ROLE_NAMES: Record<Role, string> = {
  radiologist: "Radiologist",
  "reporting-radiographer": "Reporting radiographer",
  clinician: "Clinician",
  radiographer: "Radiographer",
  "mdt-coordinator": "MDT coordinator",
  "pacs-manager": "PACS manager",
  "privacy-officer": "Privacy officer",
  "caldicott-guardian": "Caldicott Guardian",
  "clinical-safety-officer": "Clinical safety officer",
  "outside-reporter": "Outside reporter",
};

/** What a local registration authority would grant with each role. Activities permit; the role's name doesn't. */
export const ACTIVITIES_OF: Record<Role, readonly Activity[]> = {
  radiologist: ["report", "view", "state-relationship"],
  "reporting-radiographer": ["report", "view"],
  clinician: ["view", "state-relationship", "import-outside"],
  radiographer: ["acquire", "view", "import-outside"],
  "mdt-coordinator": ["list-for-mdt", "view"],
  "pacs-manager": ["manage-archive", "view", "acquire", "import-outside", "restrict", "administer"],
  "privacy-officer": ["review-access", "restrict", "take-out"],
  "caldicott-guardian": ["review-access", "restrict"],
  "clinical-safety-officer": ["watch-safety"],
  "outside-reporter": ["report-sent"],
};

export const COMES_TO: Record<Role, string> = {
  radiologist: "reports from the regional list, compares with priors",
  "reporting-radiographer": "reports from the regional list",
  clinician: "looks at their patients' images and reports, adds outside discs",
  radiographer: "checks and sends what their trust acquired",
  "mdt-coordinator": "builds a meeting's list",
  "pacs-manager": "looks after quarantine, who is who, and who may do what",
  "privacy-officer": "reviews who looked at what",
  "caldicott-guardian": "decides what is restricted, reviews who looked",
  "clinical-safety-officer": "watches what was set aside and corrected, and counts",
  "outside-reporter": "reports what a trust sent to their company",
};

let next = 0;
function person(title: string, given: string, family: string, ...contracts: [string, Role][]): Person {
  next += 1;
  const uid = String(555_021_935_100 + next);
  return {
    key: `${given}.${family}`.toLowerCase().replaceAll(/[^a-z.]/g, ""),
    uid,
    title,
    given,
    family,
    contracts: contracts.map(([organisation, role], index) => ({
      roleId: `2001028${String(next).padStart(3, "0")}${index + 1}`,
      organisation,
      role,
    })),
  };
}

export const people: readonly Person[] = [
  person("Dr", "Amara", "Okafor", ["RXC", "radiologist"], ["RA2", "radiologist"]),
  person("Dr", "Rohan", "Patel", ["RA2", "radiologist"]),
  person("Mrs", "Helen", "Whitlock", ["RYR", "reporting-radiographer"]),
  person("Dr", "Ines", "Marlow", ["RYR", "clinician"]),
  person("Mr", "Daniel", "Ashdown", ["RA2", "clinician"]),
  person("Miss", "Priya", "Nair", ["RPC", "clinician"], ["RTK", "clinician"]),
  person("Ms", "Grace", "Fielding", ["RXC", "radiographer"]),
  person("Mr", "Tom", "Reyes", ["RXC", "pacs-manager"]),
  person("Mrs", "Sunita", "Kaur", ["RTK", "pacs-manager"]),
  person("Mr", "Owen", "Hartley", ["RTK", "radiographer"]),
  person("Ms", "Beth", "Calloway", ["RA2", "mdt-coordinator"]),
  person("Mr", "Edmund", "Frost", ["RYR", "privacy-officer"]),
  person("Ms", "Nadia", "Rahman", ["RYR", "pacs-manager"]),
  person("Dr", "Miriam", "Sewell", ["RXC", "caldicott-guardian"]),
  person("Mr", "Callum", "Drake", ["RXC", "clinical-safety-officer"]),
  person("Dr", "Lena", "Vogt", ["ORC", "outside-reporter"]),
];

/** `amara.okafor`, or with the trust for which they act: `amara.okafor@RA2`. */
export function findPerson(key: string): { person: Person; contract: Contract } | undefined {
  const [name, organisation] = key.toLowerCase().split("@");
  const found = people.find((one) => one.key === name);
  const contract = organisation
    ? found?.contracts.find((one) => one.organisation.toLowerCase() === organisation)
    : found?.contracts[0];
  return found && contract ? { person: found, contract } : undefined;
}

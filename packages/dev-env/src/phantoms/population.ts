import { nhsNumberFrom } from "./nhs-numbers.ts";

export type LocalNumber = {
  custodian: string;
  number: string;
  family?: string;
  given?: string;
  birthDate?: string;
};
/** Somebody who never lived. */
export type DemoPatient = {
  key: string;
  nhsNumber?: string;
  family: string;
  given: string;
  ideographic?: string;
  birthDate: string;
  sex: "F" | "M" | "O";
  localNumbers: readonly LocalNumber[];
  sensitive?: boolean;
  /** What is particular about them. */
  note: string;
};

let issued = 0;
const nextNumber = () => {
  issued += 1;
  return nhsNumberFrom(issued);
};

function patient(
  key: string,
  [family, given, birthDate, sex]: [string, string, string, DemoPatient["sex"]],
  localNumbers: DemoPatient["localNumbers"],
  note: string,
  more: Partial<DemoPatient> = {},
): DemoPatient {
  return { key, nhsNumber: nextNumber(), family, given, birthDate, sex, localNumbers, note, ...more };
}

const at = (custodian: string, number: string, more: Partial<LocalNumber> = {}): LocalNumber => ({
  custodian,
  number,
  ...more,
});

export const demoPatients: readonly DemoPatient[] = [
  patient(
    "hollis",
    ["Hollis", "Margaret", "1948-03-14", "F"],
    [at("RXC", "E104417"), at("RYR", "7730125")],
    "moved from East Sussex to Brighton; years of priors",
  ),
  patient(
    "zielinski",
    ["Zieliński", "Łukasz", "1975-11-02", "M"],
    [at("RXC", "E118830"), at("RA2", "G5512")],
    "letters outside ASCII; lung nodule followed in two trusts",
  ),
  patient("beaumont", ["Beaumont", "Zoë", "1990-06-21", "F"], [at("RYR", "7741902")], "head injury tonight"),
  patient(
    "wang",
    ["Wang", "Xiaoming", "1983-01-30", "M"],
    [at("RTK", "A90031"), at("RPC", "Q2231")],
    "name with an ideographic group",
    { ideographic: "王^小明" },
  ),
  patient(
    "carrington",
    ["Carrington", "Alice", "1962-09-09", "F"],
    [at("RA2", "G7710"), at("RXC", "E130022", { family: "Carrington-Shaw" })],
    "married name in one trust: name differs",
  ),
  patient(
    "duffield",
    ["Duffield", "Jean", "1957-02-17", "F"],
    [at("RA2", "G7804")],
    "mammograms with priors",
  ),
  patient(
    "osei",
    ["Osei", "Kwame", "1969-12-05", "M"],
    [at("RYR", "7750014"), at("RTK", "A91277")],
    "CT short of its slices",
  ),
  patient(
    "petrova",
    ["Petrova", "Irina", "1954-07-28", "F"],
    [at("RTK", "A90555")],
    "knees; sides in conflict",
  ),
  patient("lacey-tom", ["Lacey", "Thomas", "2001-05-16", "M"], [at("RXC", "E140001")], "twin"),
  patient("lacey-ben", ["Lacey", "Benjamin", "2001-05-16", "M"], [at("RXC", "E140002")], "twin"),
  patient(
    "shared-a",
    ["Marsh", "Edith", "1939-10-11", "F"],
    [at("RPC", "100200")],
    "shares a local number with somebody in another trust",
  ),
  patient(
    "shared-b",
    ["Underhill", "Peter", "1988-04-04", "M"],
    [at("RA2", "100200")],
    "shares a local number with somebody in another trust",
  ),
  patient(
    "no-nhs",
    ["Moreau", "Camille", "1995-08-19", "F"],
    [at("RYR", "7760333")],
    "a visitor without an NHS number",
    { nhsNumber: undefined } as Partial<DemoPatient>,
  ),
  patient(
    "sensitive",
    ["Redacted", "Robin", "1979-03-03", "O"],
    [at("RXC", "E150009")],
    "marked sensitive by their trust",
    { sensitive: true },
  ),
  patient(
    "unknown",
    ["Unknown", "Male 47", "1900-01-01", "M"],
    [at("RYR", "TMP0047")],
    "a temporary identity",
    { nhsNumber: undefined } as Partial<DemoPatient>,
  ),
  patient(
    "swapped",
    ["Fenwick", "Harriet", "1971-04-06", "F"],
    [at("RXC", "E160606"), at("RA2", "G8080", { birthDate: "1971-06-04" })],
    "day and month swapped in one trust: listed, not joined",
  ),
  patient(
    "gray",
    ["Gray", "Stanley", "1951-01-25", "M"],
    [at("RPC", "Q3004"), at("RA2", "G8122")],
    "head and neck; MR",
  ),
  patient("ahmed", ["Ahmed", "Farah", "1986-12-12", "F"], [at("RTK", "A92001")], "cardiac ultrasound"),
  patient(
    "barlow",
    ["Barlow", "George", "1944-05-30", "M"],
    [at("RXC", "E170170")],
    "a report that is not theirs",
  ),
  patient(
    "whitaker",
    ["Whitaker", "Ruth", "1966-08-08", "F"],
    [at("RYR", "7770021")],
    "reported, with an addendum",
  ),
  patient(
    "ellery",
    ["Ellery", "Judith", "1963-11-03", "F"],
    [at("RPC", "Q3310")],
    "tomosynthesis, implants, a magnified view, a specimen",
  ),
];

export const patientOf = (key: string): DemoPatient => {
  const found = demoPatients.find((one) => one.key === key);
  if (!found) throw new RangeError(`no demonstration patient ${key}`);
  return found;
};

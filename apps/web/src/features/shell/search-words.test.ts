import { describe, expect, it } from "vitest";
import { askedIn } from "./search-words.ts";

const now = new Date("2026-11-26T10:00:00Z");

describe("what is typed into the search box", () => {
  it.each([
    ["999 123 4567", { by: "nhs-number", nhsNumber: "9991234567" }],
    ["999-123-4567", { by: "nhs-number", nhsNumber: "9991234567" }],
    ["SMITH John 3/4/61", { by: "name", family: "SMITH", given: "John", birthDates: ["1961-04-03"] }],
    ["John SMITH 03.04.1961", { by: "name", family: "SMITH", given: "John", birthDates: ["1961-04-03"] }],
    ["Smith, John 3/4/1961", { by: "name", family: "Smith", given: "John", birthDates: ["1961-04-03"] }],
    ["VAN DYK Ann 1/2/1950", { by: "name", family: "VAN DYK", given: "Ann", birthDates: ["1950-02-01"] }],
    // Two digits of a year may be of either century.
    ["Lee Jo 1/2/19", { by: "name", family: "Lee", given: "Jo", birthDates: ["2019-02-01", "1919-02-01"] }],
    ["RXC12345", { by: "accession-number", accessionNumber: "RXC12345" }],
  ])("%s", (typed, asked) => expect(askedIn(typed, now)).toEqual(asked));

  it.each(["", "Smith", "SMITH John", "3/4/61", "SMITH 3/4/61", "SMITH John 31/2/1961"])(
    "finds nobody by less than a full name and a date of birth: '%s'",
    (typed) => expect(askedIn(typed, now).by).toBe("nothing"),
  );
});

import { describe, expect, it } from "vitest";
import { identityKeyOf } from "./identity-key.ts";

const said = {
  localNumber: "1",
  issuer: undefined,
  nhsNumber: undefined,
  nhsVerified: false,
  family: "Alder",
  given: "Rowan",
  middle: "",
  prefix: "",
  ideographic: undefined,
  phonetic: undefined,
  birthDate: "1961-04-03",
  sex: "F",
};

describe("the key of an identity", () => {
  it("is equal for what says the same", () => expect(identityKeyOf({ ...said })).toBe(identityKeyOf(said)));

  it.each([
    { localNumber: "2" },
    { issuer: "RTP" },
    { nhsNumber: "9990000018" },
    { family: "Elder" },
    { given: "Robin" },
    { birthDate: "1961-04-04" },
    { birthDate: undefined },
    { sex: "M" },
  ])("differs with %o", (more) => expect(identityKeyOf({ ...said, ...more })).not.toBe(identityKeyOf(said)));

  it("does not let one field's end pass for the next one's beginning", () =>
    expect(identityKeyOf({ ...said, family: "Al", given: "derRowan" })).not.toBe(identityKeyOf(said)));
});

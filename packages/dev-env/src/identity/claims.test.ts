import { describe, expect, it } from "vitest";
import { Claims, signedInFrom } from "../../../../apps/web/src/server/claims.ts";
import { members, people } from "../people/index.ts";
import { accountIdOf, accountOf, claimsOf } from "./claims.ts";
import { signInPage } from "./sign-in-page.ts";

const contracts = people.flatMap((person) => person.contracts.map((contract) => ({ person, contract })));

describe("the people of the demonstration", () => {
  it("are enough: each role that the issue names, in different trusts", () => {
    const roles = new Set(contracts.map(({ contract }) => contract.role));
    for (const role of [
      "radiologist",
      "clinician",
      "mdt-coordinator",
      "radiographer",
      "pacs-manager",
      "privacy-officer",
      "caldicott-guardian",
      "clinical-safety-officer",
      "outside-reporter",
    ])
      expect(roles).toContain(role);
    expect(new Set(contracts.map(({ contract }) => contract.organisation))).toEqual(
      new Set([...members.map(({ odsCode }) => odsCode), "ORC"]),
    );
  });

  it("can each sign in under each contract, with claims shaped like NHS CIS2's", () => {
    for (const { person, contract } of contracts) {
      expect(accountOf(accountIdOf(person, contract))).toEqual({ person, contract });
      const claims = claimsOf(person, contract);
      expect(claims).toMatchObject({
        uid: expect.stringMatching(/^555\d{9}$/),
        nhsid_useruid: claims.uid,
        selected_roleid: contract.roleId,
        authentication_assurance_level: "3",
        id_assurance_level: "3",
      });
      for (const role of claims.nhsid_nrbac_roles) {
        expect(role.person_roleid).toMatch(/^\d+$/);
        expect(role.role_code).toMatch(/^S\d{4}:G\d{4}:R\d{4}$/);
      }
      expect(signedInFrom(Claims.parse(claims))?.actor).toMatchObject({
        kind: "person",
        id: person.uid,
        role: contract.role,
        organisation: contract.organisation,
      });
    }
  });

  it("act under the one role that they chose, never the sum of them", () => {
    const [first] = contracts.filter(({ person }) => person.contracts.length > 1);
    if (!first) return expect.unreachable("nobody has two contracts");
    const actors = first.person.contracts.map(
      (contract) => signedInFrom(Claims.parse(claimsOf(first.person, contract)))?.actor.organisation,
    );
    expect(new Set(actors).size).toBe(first.person.contracts.length);
    expect(accountOf(`${first.person.uid}|another`)).toBeUndefined();
  });

  it("stand on the sign-in page, each once a contract", () => {
    const page = signInPage("portal");
    expect(page.match(/name="account"/g)).toHaveLength(contracts.length);
    expect(signInPage("<script>alert(1)</script>")).not.toContain("<script>");
  });
});

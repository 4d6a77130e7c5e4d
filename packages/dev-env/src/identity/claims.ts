import { ACTIVITIES_OF, type Contract, type Person, people, ROLE_NAMES, trustName } from "../people/index.ts";

/** An account is one contract: the role is chosen at sign-in, as with CIS2. */
export const accountIdOf = (person: Person, contract: Contract): string => `${person.uid}|${contract.roleId}`;

export function accountOf(accountId: string): { person: Person; contract: Contract } | undefined {
  const [uid, roleId] = accountId.split("|");
  const person = people.find((one) => one.uid === uid);
  const contract = person?.contracts.find((one) => one.roleId === roleId);
  return person && contract ? { person, contract } : undefined;
}

const nrbacRole = ({ roleId, organisation, role }: Contract) => ({
  person_roleid: roleId,
  person_orgid: `55502193${organisation.charCodeAt(1)}${organisation.charCodeAt(2)}`,
  org_code: organisation,
  org_name: trustName(organisation),
  role_code: "S8000:G8000:R8000",
  role_name: ROLE_NAMES[role],
  activity_codes: ACTIVITIES_OF[role],
  weald_role: role,
});

/** The claims of id_token and userinfo. @see NHS CIS2 Authentication, "Scopes and claims" */
export function claimsOf(person: Person, contract: Contract) {
  const display = `${person.title} ${person.given} ${person.family}`;
  return {
    sub: accountIdOf(person, contract),
    uid: person.uid,
    nhsid_useruid: person.uid,
    name: `${person.family} ${person.given} (${person.title})`,
    given_name: person.given,
    family_name: person.family,
    title: person.title,
    display_name: display,
    email: `${person.key}@example.nhs.invalid`,
    idassurancelevel: "3",
    id_assurance_level: "3",
    authentication_assurance_level: "3",
    selected_roleid: contract.roleId,
    nhsid_nrbac_roles: person.contracts.map(nrbacRole),
    nhsid_user_orgs: person.contracts.map(({ organisation }) => ({
      org_code: organisation,
      org_name: trustName(organisation),
    })),
  };
}

/** What an access token for scripts says of the person. */
export const tokenClaimsOf = (person: Person, contract: Contract) => ({
  uid: person.uid,
  role_id: contract.roleId,
  org_code: contract.organisation,
  weald_role: contract.role,
  activity_codes: ACTIVITIES_OF[contract.role],
});

import { ACTIVITIES, type PersonActor, ROLES } from "@weald/core/kernel";
import { z } from "zod";

/** One contract of a person with one organisation, as NHS CIS2 has it; `weald_role` is the local provider's addition. */
const NrbacRole = z.object({
  person_roleid: z.string().min(1),
  org_code: z.string().regex(/^[A-Z0-9]{3,6}$/),
  org_name: z.string().optional(),
  role_code: z.string(),
  role_name: z.string().optional(),
  activity_codes: z.array(z.string()).default([]),
  weald_role: z.enum(ROLES),
});

/** Claims of id_token and userinfo, merged. @see NHS CIS2 Authentication, "User info claims" */
export const Claims = z.object({
  uid: z.string().min(1),
  name: z.string().optional(),
  display_name: z.string().optional(),
  selected_roleid: z.string().min(1),
  authentication_assurance_level: z.coerce.number().optional(),
  nhsid_nrbac_roles: z.array(NrbacRole).min(1),
  nhsid_user_orgs: z.array(z.object({ org_code: z.string(), org_name: z.string().optional() })).default([]),
});
export type Claims = z.output<typeof Claims>;

/** Who is signed in: what the policies need, and the names that the page shows. */
export type SignedIn = { actor: PersonActor; name: string; organisationName: string };

/** The role chosen at sign-in decides: never the sum of a person's roles. */
export function signedInFrom(claims: Claims): SignedIn | undefined {
  const role = claims.nhsid_nrbac_roles.find(({ person_roleid }) => person_roleid === claims.selected_roleid);
  if (!role) return undefined;
  const organisation = claims.nhsid_user_orgs.find(({ org_code }) => org_code === role.org_code);
  return {
    actor: {
      kind: "person",
      id: claims.uid,
      roleId: role.person_roleid,
      role: role.weald_role,
      organisation: role.org_code,
      activities: ACTIVITIES.filter((activity) => role.activity_codes.includes(activity)),
    },
    name: claims.display_name ?? claims.name ?? claims.uid,
    organisationName: organisation?.org_name ?? role.org_name ?? role.org_code,
  };
}

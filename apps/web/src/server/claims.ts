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
  sub: z.string().min(1).max(255),
  /** The provider's session: what its logout names. */
  sid: z.string().min(1).max(255).optional(),
  uid: z.string().min(1).max(64),
  name: z.string().optional(),
  display_name: z.string().optional(),
  /** One that can't be read keeps nobody from signing in. */
  email: z.email().max(254).optional().catch(undefined),
  email_verified: z.boolean().optional().catch(undefined),
  selected_roleid: z.string().min(1).optional(),
  authentication_assurance_level: z.coerce.number().optional(),
  /** When they proved who they are, in seconds since 1970. */
  auth_time: z.number().int().positive().optional(),
  nhsid_nrbac_roles: z.array(NrbacRole).default([]),
  nhsid_user_orgs: z.array(z.object({ org_code: z.string(), org_name: z.string().optional() })).default([]),
});
export type Claims = z.output<typeof Claims>;

/** Who is signed in: what the policies need, and the names that the page shows. */
export type SignedIn = {
  actor: PersonActor;
  name: string;
  organisationName: string;
  /** Of the audit: which looks were of one sitting. Opens nothing. */
  sessionId?: string;
};

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

const LOWEST_ASSURANCE = 2;
const PROVED_WITHIN_SECONDS = 300;

export type Admitted = { claims: Claims; signedIn: SignedIn; provedAt: Date };
export type NotAdmitted = {
  refused: "CLAIMS_INVALID" | "ASSURANCE_TOO_LOW" | "NOT_PROVED_NOW" | "NO_ROLE_CHOSEN";
  personId?: string;
};

/** Whether what the identity provider says of somebody lets them in now. */
export function admit(said: unknown, now: Date): Admitted | NotAdmitted {
  const parsed = Claims.safeParse(said);
  if (!parsed.success) return { refused: "CLAIMS_INVALID" };
  const claims = parsed.data;
  const personId = claims.uid;
  if ((claims.authentication_assurance_level ?? 0) < LOWEST_ASSURANCE)
    return { refused: "ASSURANCE_TOO_LOW", personId };
  const provedSecondsAgo = now.getTime() / 1000 - (claims.auth_time ?? 0);
  // Each sign-in asks for a proof of its own: an older one is somebody else's at this workstation.
  if (provedSecondsAgo > PROVED_WITHIN_SECONDS) return { refused: "NOT_PROVED_NOW", personId };
  const signedIn = signedInFrom(claims);
  if (!signedIn) return { refused: "NO_ROLE_CHOSEN", personId };
  return { claims, signedIn, provedAt: new Date((claims.auth_time ?? 0) * 1000) };
}

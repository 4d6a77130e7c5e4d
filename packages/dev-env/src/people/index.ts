export { members, type Trust, trustName, trusts } from "./members.ts";
export {
  ACTIVITIES_OF,
  COMES_TO,
  type Contract,
  findPerson,
  type Person,
  people,
  ROLE_NAMES,
} from "./people.ts";
export { CACHE_SCOPE, GATEWAY_SCOPES, SYSTEM_SCOPES } from "./scopes.ts";

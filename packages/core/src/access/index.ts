export { decideReading, mayRead, type ReadingFacts } from "./reading.policy.ts";
export { type Held, readingFacts } from "./reading-facts.ts";
export { scopeConditions } from "./reading-scope.store.ts";
export { type ReadingScope, readingScope } from "./reading-scope.ts";
export {
  type NewRelationship,
  patientsOf,
  type RelationshipSource,
  relate,
  relateExactly,
  type Wanted,
} from "./relationship.store.ts";
export { STATEMENTS, stateRelationship } from "./state-relationship.ts";

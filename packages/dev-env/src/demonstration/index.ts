export { type SeedOptions, seedDemonstration } from "./seed.ts";

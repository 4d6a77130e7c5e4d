export { environmentOf, type Places } from "./environment.ts";
export { type Listening, listen, PortTaken } from "./listen.ts";
export { Region } from "./region.ts";

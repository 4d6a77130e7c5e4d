export { withMailBox } from "./page.ts";

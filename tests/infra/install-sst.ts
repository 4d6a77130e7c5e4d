// Run with tsx, beside other work: it waits for npm.
import { installSst } from "./evaluated.ts";

installSst();

import { inNamespace } from "./in-namespace.ts";

/**
 * Weald and Debian's Orthanc, with SQLite and with PostgreSQL, one after the other on this machine, by the same requests. In
 * a network namespace of its own, as Orthanc listens on every address: needs root and `unshare`.
 */
export const archive = (): Promise<unknown> => inNamespace("archive/main.ts");

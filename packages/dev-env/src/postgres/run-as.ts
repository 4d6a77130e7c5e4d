import { spawnSync } from "node:child_process";

/** How to start a program that refuses root: its command and arguments, put behind a prefix. */
export type RunAs = {
  prefix: readonly string[];
  ids: { uid?: number; gid?: number };
  note: string | undefined;
};

const NAMESPACE = ["unshare", "-U", "--map-user=1000", "--map-group=1000"];
const NOBODY = 65534;

/**
 * PostgreSQL refuses root. In a user namespace it sees another user and yet uses root's own folders, so nothing changes
 * hands; where that is forbidden it runs as `nobody`, which must be able to reach the folders.
 */
export function runAs(): RunAs {
  if (process.getuid?.() !== 0) return { prefix: [], ids: {}, note: undefined };
  const [command = "", ...args] = NAMESPACE;
  if (spawnSync(command, [...args, "true"]).status === 0)
    return { prefix: NAMESPACE, ids: {}, note: undefined };
  return {
    prefix: [],
    ids: { uid: NOBODY, gid: NOBODY },
    note: "User namespaces are off here: PostgreSQL runs as nobody, so every folder above WEALD_HOME must be open to it.",
  };
}

import { spawnSync } from "node:child_process";
import { existsSync, lchownSync, lstatSync, readdirSync } from "node:fs";
import path from "node:path";

/** How to start a program that refuses root: a prefix before its command, and who then owns its files. */
export type RunAs = {
  prefix: readonly string[];
  owner: number | undefined;
  note: string | undefined;
};

export type Probe = (command: readonly string[]) => boolean;

const NOBODY = 65534;
const NAMESPACE = ["unshare", "-U", "--map-user=1000", "--map-group=1000"];
const AS_NOBODY = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
const REACHING_ALL = [...AS_NOBODY, "--inh-caps=+dac_override", "--ambient-caps=+dac_override"];

const works: Probe = ([command = "", ...args]) => spawnSync(command, [...args, "true"]).status === 0;

/**
 * PostgreSQL refuses root. In a user namespace it sees another user and yet uses root's own folders, so nothing changes
 * hands. Where that is forbidden (many containers) it runs as `nobody` who keeps root's right to pass closed folders;
 * where that is forbidden too, as plain `nobody`, who must be able to reach every folder.
 */
export function runAs(isRoot = process.getuid?.() === 0, probe: Probe = works): RunAs {
  if (!isRoot) return { prefix: [], owner: undefined, note: undefined };
  if (probe(NAMESPACE)) return { prefix: NAMESPACE, owner: 0, note: undefined };
  if (probe(REACHING_ALL)) return { prefix: REACHING_ALL, owner: NOBODY, note: undefined };
  return {
    prefix: AS_NOBODY,
    owner: NOBODY,
    note: "PostgreSQL runs as nobody here, so every folder above the checkout and above WEALD_HOME must be open to it (chmod o+x).",
  };
}

function* allOf(place: string): Generator<string> {
  if (lstatSync(place).isDirectory())
    for (const name of readdirSync(place)) yield* allOf(path.join(place, name));
  yield place;
}

/** A data folder belongs to whoever runs the server; on another machine that may be somebody else. The folder goes last. */
export function handOver(place: string, { owner }: RunAs): void {
  if (owner === undefined || !existsSync(place) || lstatSync(place).uid === owner) return;
  for (const file of allOf(place)) lchownSync(file, owner, owner);
}

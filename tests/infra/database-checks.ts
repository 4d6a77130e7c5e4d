import { readdirSync } from "node:fs";
import path from "node:path";
import { POSTGRES_MAJOR } from "@weald/dev-env/postgres";
import { ROOT } from "../runner/run-command.ts";
import { type Check, grantsOf, linkedTo, listOf, rolesOf } from "./check.ts";
import { oneOf, type Resource } from "./graph.ts";

export const databaseKept: Check = {
  promise: "in production the database can't be deleted by mistake, and leaves a last snapshot",
  broken(graph) {
    const { inputs } = oneOf(graph, "aws:rds/cluster:Cluster", /^Db/);
    const wanted = {
      deletionProtection: true,
      skipFinalSnapshot: false,
      storageEncrypted: true,
      finalSnapshotIdentifier: "weald-production-final",
      backupRetentionPeriod: 35,
    };
    return Object.entries(wanted).flatMap(([name, value]) =>
      inputs[name] === value ? [] : [`${name} is ${inputs[name]}`],
    );
  },
};

export const databaseVersion: Check = {
  promise: "the database is of the version that everything here is tried with",
  broken(graph) {
    const { engineVersion } = oneOf(graph, "aws:rds/cluster:Cluster", /^Db/).inputs;
    return String(engineVersion).split(".")[0] === POSTGRES_MAJOR
      ? []
      : [`Aurora is ${engineVersion}, the local region's is ${POSTGRES_MAJOR}`];
  },
};

export const runtimeRole: Check = {
  promise: "but for the function that migrates, everything knows the database by the runtime role alone",
  broken(graph) {
    const owners = linkedTo(graph, ["Db", "DatabaseOwner"]).filter((name) => name !== "MigrateDatabase");
    // Linking the cluster itself gives its owner's password, by these.
    const byGrant = rolesOf(graph).filter(
      (role) =>
        !/^DbProxyRole/.test(role.name) &&
        grantsOf(role).some(({ Action }) =>
          listOf(Action).some((action) => /^(secretsmanager|rds-data):/.test(action)),
        ),
    );
    return [...owners, ...byGrant.map(({ name }) => name)].map((name) => `${name} is the tables' owner`);
  },
};

export const migratedFirst: Check = {
  promise: "no function is told where the database is before it is brought forward",
  broken(graph) {
    const at = (wanted: (one: Resource) => boolean) => graph.resources.findIndex(wanted);
    const migrated = at(({ type }) => type === "aws:lambda/invocation:Invocation");
    if (migrated < 0) return ["nothing migrates"];
    const early = linkedTo(graph, ["Database"]).filter((id) => {
      const made = at(
        ({ type, name }) => type === "aws:lambda/function:Function" && name === `${id}Function`,
      );
      return made < migrated;
    });
    const newest = readdirSync(path.join(ROOT, "packages/db/prisma/migrations"))
      .filter((name) => /^\d/.test(name))
      .sort()
      .at(-1);
    const { input } = graph.resources[migrated]?.inputs ?? {};
    return [
      ...early.map((id) => `${id} doesn't wait for migrations`),
      ...(JSON.parse(input).newest === newest ? [] : [`${newest} asks for no migration`]),
    ];
  },
};

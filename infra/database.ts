import { readdirSync } from "node:fs";
import path from "node:path";

/** The same major version as the local region's (`packages/dev-env/src/postgres`): what is asked of it, that version answers (`uuidv7()`). */
const POSTGRES = "18.4";
/** Made by the migrations: may do what the product does, and is nobody's owner (docs/adr/0037). */
const RUNTIME_ROLE = "weald_app";
const MIGRATIONS = "packages/db/prisma/migrations";

/** Aurora PostgreSQL behind RDS Proxy: functions come and go, connections don't. */
export function database() {
  const isProduction = $app.stage === "production";
  const vpc = new sst.aws.Vpc("Vpc", { nat: "managed", az: 2 });
  // Images come and go by the VPC's own door to S3: by the NAT gateways each gigabyte of them would be paid for (docs/cost.md).
  new aws.ec2.VpcEndpoint("S3Endpoint", {
    vpcId: vpc.id,
    serviceName: $interpolate`com.amazonaws.${aws.getRegionOutput().region}.s3`,
    vpcEndpointType: "Gateway",
    routeTableIds: vpc.nodes.privateRouteTables.apply((tables) => tables.map(({ id }) => id)),
  });
  const password = new sst.Secret("DatabasePassword");
  const cluster = new sst.aws.Aurora("Db", {
    engine: "postgres",
    version: POSTGRES,
    scaling: { min: "0.5 ACU", max: "16 ACU" },
    proxy: { credentials: [{ username: RUNTIME_ROLE, password: password.value }] },
    vpc,
    transform: {
      cluster(args) {
        args.deletionProtection = isProduction;
        // SST skips the final snapshot by default.
        args.skipFinalSnapshot = !isProduction;
        args.finalSnapshotIdentifier = isProduction ? `${$app.name}-${$app.stage}-final` : undefined;
        args.backupRetentionPeriod = isProduction ? 35 : 1;
      },
    },
  });
  const migrated = migrate({ vpc, cluster, password });
  // Nobody is told where it is before it is as this version wants it; and everybody is told of the runtime role alone.
  const db = new sst.Linkable("Database", {
    properties: {
      host: $util.all([cluster.host, migrated.result]).apply(([host]) => host),
      port: cluster.port,
      database: cluster.database,
      username: RUNTIME_ROLE,
      password: password.value,
    },
  });
  return { vpc, cluster, db, storageIdSecret: new sst.Secret("StorageIdSecret") };
}

type Given = { vpc: sst.aws.Vpc; cluster: sst.aws.Aurora; password: sst.Secret };

/** The one function that is the owner. Asked at each deployment that brings a migration or another password; a failure ends the deployment. */
function migrate({ vpc, cluster, password }: Given) {
  const owner = new sst.Linkable("DatabaseOwner", {
    properties: {
      host: cluster.host,
      port: cluster.port,
      database: cluster.database,
      username: cluster.username,
      password: cluster.password,
    },
  });
  const migrating = new sst.aws.Function("MigrateDatabase", {
    handler: "apps/lambdas/src/deploying/migrate-database.handler",
    runtime: "nodejs22.x",
    timeout: "15 minutes",
    memory: "512 MB",
    vpc,
    link: [owner, password],
    copyFiles: [{ from: MIGRATIONS, to: "migrations" }],
    logging: { retention: "3 months", format: "json" },
  });
  const names = readdirSync(path.join($cli.paths.root, MIGRATIONS), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  return new aws.lambda.Invocation(
    "DatabaseMigrated",
    {
      functionName: migrating.name,
      input: JSON.stringify({ newest: names.at(-1), migrations: names.length }),
      triggers: { password: password.value },
    },
    { dependsOn: [cluster, migrating] },
  );
}

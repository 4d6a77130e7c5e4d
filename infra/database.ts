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
  const db = new sst.aws.Aurora("Db", {
    engine: "postgres",
    version: "17.5",
    scaling: { min: "0.5 ACU", max: "16 ACU" },
    proxy: true,
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
  return { vpc, db, storageIdSecret: new sst.Secret("StorageIdSecret") };
}

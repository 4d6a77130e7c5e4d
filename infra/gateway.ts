import type { database } from "./database";

type Given = ReturnType<typeof database>;

const STOW_PORT = "8042/http";

/**
 * The region's own gateway, for objects that are too large for the DICOMweb door (docs/dicomweb.md, Store): the same program
 * as in each trust, inside the network, one task, as its spool and ledger have one writer. They lie on a file system that
 * outlives the task: what was acknowledged is there. It has no right on any bucket, and sends on as every gateway does.
 * Evaluated by tests/infra, never deployed; its image is built from apps/edge/Dockerfile.
 */
export function gateway({ vpc }: Given) {
  const spool = new sst.aws.Efs("GatewaySpool", { vpc });
  const cluster = new sst.aws.Cluster("GatewayCluster", { vpc });
  const service = new sst.aws.Service("Gateway", {
    cluster,
    image: process.env.WEALD_EDGE_IMAGE ?? "weald-edge:not-built",
    cpu: "1 vCPU",
    memory: "2 GB",
    scaling: { min: 1, max: 1 },
    volumes: [{ efs: spool, path: "/var/lib/weald-edge" }],
    environment: { WEALD_EDGE_HOME: "/var/lib/weald-edge" },
    loadBalancer: { public: false, rules: [{ listen: "80/http", forward: STOW_PORT }] },
    logging: { retention: "3 months" },
    transform: {
      executionRole(args) {
        // SST would let it read every secret of the account; its own lie on its file system.
        args.inlinePolicies = [];
      },
    },
  });
  return { gatewayService: service };
}

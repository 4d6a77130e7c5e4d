// Who may import whom (docs/architecture.md). Each rule is an error in `npm test`, which also plants violations and sees them caught.

/** Domains in strict order: each may import any to its left, never one to its right. */
const domains = [
  "audit",
  "organisation",
  "identity",
  "patient",
  "access",
  "request",
  "study",
  "ingest",
  "correction",
  "packing",
  "reporting",
  "message",
  "annotation",
  "hanging",
  "preference",
  "consent",
  "federation",
  "timeline",
  "referral",
  "worklist",
  "mdt",
  "room",
  "review",
  "operations",
  "takeout",
];

const domainOrder = domains.slice(0, -1).map((domain, index) => ({
  name: `domain-order-${domain}`,
  comment: `${domain} may not know the domains to its right; it sends them messages`,
  severity: "error",
  from: { path: `^packages/core/src/${domain}/` },
  to: { path: `^packages/core/src/(${domains.slice(index + 1).join("|")})/` },
}));

const tests = "\\.test\\.tsx?$";

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-unresolvable",
      comment:
        "the decoder of 12-bit JPEG has no entry of its own: the decoder's build finds it (apps/lambdas/decoder-build.mjs)",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^jpeg-12-bit$" },
    },
    ...domainOrder,
    {
      name: "domains-by-their-front-door",
      severity: "error",
      from: { path: "^packages/core/src/([^/]+)/", pathNot: tests },
      to: {
        path: "^packages/core/src/([^/]+)/(?!index\\.ts$)",
        pathNot: "^packages/core/src/($1|kernel|ports)/",
      },
    },
    {
      name: "only-stores-see-the-transaction",
      severity: "error",
      from: { path: "^packages/core/src/", pathNot: "(^packages/core/src/kernel/|\\.store\\.ts$)" },
      to: { path: "^packages/core/src/kernel/tx\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "kernel-and-ports-know-no-domain",
      severity: "error",
      from: { path: "^packages/core/src/(kernel|ports)/", pathNot: tests },
      to: { path: `^packages/core/src/(${domains.join("|")})/` },
    },
    {
      name: "core-from-outside-by-its-front-doors",
      severity: "error",
      from: { pathNot: "^packages/core/" },
      to: { path: "^packages/core/src/[^/]+/(?!index\\.ts$)" },
    },
    {
      name: "dicom-and-db-stand-alone",
      severity: "error",
      from: { path: "^packages/(dicom|db)/" },
      to: { path: "^(packages|apps)/", pathNot: "^packages/$1/" },
    },
    {
      name: "only-stores-see-the-database",
      severity: "error",
      from: { path: "^packages/core/src/", pathNot: "(^packages/core/src/kernel/|\\.store\\.ts$)" },
      to: { path: "^packages/db/" },
    },
    {
      name: "no-database-outside-core-and-composition",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: "^packages/(db|core|adapters|dev-env)/" },
      to: { path: "^packages/db/" },
    },
    {
      name: "only-who-migrates-is-the-owner",
      severity: "error",
      from: {
        path: "^(packages|apps)/",
        pathNot: "^(packages/dev-env/|apps/lambdas/src/deploying/migrate-database\\.ts$)",
      },
      to: { path: "^packages/adapters/src/compose/migrate\\.ts$" },
    },
    {
      name: "core-is-pure-of-technology",
      severity: "error",
      from: { path: "^packages/core/" },
      to: {
        path: "(@aws-sdk|node_modules/sst|node_modules/next|@trpc|^packages/(adapters|dev-env)/|^apps/)",
      },
    },
    {
      name: "cornerstone-only-in-the-viewer",
      severity: "error",
      comment: "its codecs also in the decoder, which is a thread of its own",
      from: { pathNot: "^apps/(web/src/viewer|lambdas/src/dicomweb/pixels)/" },
      to: { path: "@cornerstonejs/" },
    },
    {
      name: "dicomweb-client-only-in-peer-viewer-tests",
      severity: "error",
      from: { pathNot: "^(apps/web/src/viewer/|packages/adapters/src/peer/|tests/|bench/)" },
      to: { path: "dicomweb-client" },
    },
    {
      name: "sst-only-in-the-composition-for-aws",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: "^packages/adapters/src/compose/aws\\.ts$" },
      to: { path: "node_modules/sst/" },
    },
    {
      name: "production-never-imports-dev-env",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: `(^packages/dev-env/|${tests})` },
      to: { path: "^packages/dev-env/" },
    },
    {
      name: "packages-never-import-apps",
      severity: "error",
      from: { path: "^packages/", pathNot: "^packages/dev-env/" },
      to: { path: "^apps/" },
    },
    {
      name: "the-browser-takes-only-types-of-the-server",
      comment:
        "client code reaches the server by tRPC; server components and routes import src/server. The rules by which images hang are pure",
      severity: "error",
      from: { path: "^apps/web/src/(features|viewer)/" },
      to: {
        path: "^(apps/web/src/server/|packages/(core|adapters|db)/)",
        pathNot: "^packages/core/src/hanging/index\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "hanging-is-pure",
      comment: "it runs in the browser, too",
      severity: "error",
      from: { path: "^packages/core/src/hanging/", pathNot: tests },
      to: { pathNot: "(^packages/core/src/hanging/|node_modules/zod/)" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(\\.next|\\.open-next|\\.sst|/generated/|/public/)" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      // Packages of types alone have no other entry.
      mainFields: ["module", "main", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json", ".d.ts"],
    },
  },
};

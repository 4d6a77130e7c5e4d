/** The inbox, which everything enters; the archive, from which nothing is ever deleted; and what the audit needs beside the database. */
export function storage() {
  const cors = {
    allowMethods: ["GET" as const, "HEAD" as const, "PUT" as const],
    allowOrigins: [process.env.WEALD_PORTAL_ORIGIN ?? "https://portal.weald.example"],
    allowHeaders: ["content-type", "range", "if-none-match"],
    exposeHeaders: ["ETag", "Content-Range", "Accept-Ranges", "Content-Length"],
    maxAge: "10 minutes" as const,
  };
  const inbox = new sst.aws.Bucket("Inbox", { enforceHttps: true, versioning: false, cors });
  const archive = new sst.aws.Bucket("Archive", {
    enforceHttps: true,
    versioning: true,
    cors,
    // No action deletes, and the bucket denies it to everyone, whatever their role says (docs/adr/0006).
    policy: [{ effect: "deny", principals: "*", actions: ["s3:DeleteObject", "s3:DeleteObjectVersion"] }],
  });

  // A month in Standard, then where a byte costs a fifth and comes as soon: never a class from which it must be restored (docs/adr/0028).
  new aws.s3.BucketLifecycleConfiguration("ArchiveTiers", {
    bucket: archive.name,
    rules: [
      {
        id: "colder-after-a-month",
        status: "Enabled",
        filter: {},
        transitions: [{ days: 30, storageClass: "GLACIER_IR" }],
      },
    ],
  });

  // What goes out where a grant is narrower than what is stored; it is made of the archive, and swept (docs/adr/0017).
  const shares = new sst.aws.Bucket("Shares", { enforceHttps: true, versioning: false, cors });

  // Audit rows that the database did not take, until they are merged (docs/adr/0015).
  const spool = new sst.aws.Bucket("Spool", { enforceHttps: true, versioning: true });
  const seals = lockedBucket();

  // `link: [bucket]` would grant s3:* on all of it. These are narrow; `Resource.Inbox.name` reads the same in code.
  const grant = (name: string, bucket: sst.aws.Bucket, statements: { actions: string[]; path: string }[]) =>
    new sst.Linkable(name, {
      properties: { name: bucket.name },
      include: statements.map(({ actions, path }) =>
        sst.aws.permission({ actions, resources: [$interpolate`${bucket.arn}${path}`] }),
      ),
    });
  return {
    inbox,
    archive,
    inboxWork: grant("InboxWork", inbox, [
      { actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], path: "/*" },
      { actions: ["s3:ListBucket"], path: "" },
    ]),
    inboxUpload: grant("InboxUpload", inbox, [
      ...["urgent", "inbox", "bulk", "direct"].map((folder) => ({
        actions: ["s3:PutObject"],
        path: `/${folder}/*`,
      })),
      // A retried or discarded object leaves quarantine through the portal's actions.
      { actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], path: "/quarantine/*" },
    ]),
    archiveWrite: grant("ArchiveWrite", archive, [{ actions: ["s3:GetObject", "s3:PutObject"], path: "/*" }]),
    // What unpacks pixels writes small pictures and can't touch an original.
    archivePictures: grant("ArchivePictures", archive, [
      { actions: ["s3:GetObject"], path: "/*" },
      { actions: ["s3:PutObject"], path: "/*/thumbnail/*" },
    ]),
    archivePacks: grant("ArchivePacks", archive, [
      { actions: ["s3:GetObject"], path: "/*" },
      { actions: ["s3:PutObject"], path: "/*/packs/*/frames" },
    ]),
    archiveManifests: grant("ArchiveManifests", archive, [
      { actions: ["s3:GetObject", "s3:PutObject"], path: "/*/packs/*/manifest" },
    ]),
    archiveRead: grant("ArchiveRead", archive, [{ actions: ["s3:GetObject"], path: "/*" }]),
    // Without ListBucket a key that isn't there is answered as forbidden.
    sharesWrite: grant("SharesWrite", shares, [
      { actions: ["s3:GetObject", "s3:PutObject"], path: "/*" },
      { actions: ["s3:ListBucket"], path: "" },
    ]),
    sharesRead: grant("SharesRead", shares, [{ actions: ["s3:GetObject"], path: "/*" }]),
    sharesSweep: grant("SharesSweep", shares, [
      { actions: ["s3:DeleteObject"], path: "/*" },
      { actions: ["s3:ListBucket"], path: "" },
    ]),
    spoolWrite: grant("SpoolWrite", spool, [{ actions: ["s3:GetObject", "s3:PutObject"], path: "/*" }]),
    spoolMerge: grant("SpoolMerge", spool, [
      { actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], path: "/*" },
      { actions: ["s3:ListBucket"], path: "" },
    ]),
    sealsWrite: grant("SealsWrite", seals, [
      { actions: ["s3:GetObject", "s3:PutObject"], path: "/*" },
      // Without it a key that isn't there is answered as forbidden.
      { actions: ["s3:ListBucket"], path: "" },
    ]),
    sealsRead: grant("SealsRead", seals, [
      { actions: ["s3:GetObject"], path: "/*" },
      { actions: ["s3:ListBucket"], path: "" },
    ]),
  };
}

/**
 * The seals of the audit: kept by object lock in compliance mode, which not even the account's owner can shorten. A key is
 * written once, as the bucket refuses a write that doesn't say so.
 */
function lockedBucket() {
  const isProduction = $app.stage === "production";
  const seals = new sst.aws.Bucket("Seals", {
    enforceHttps: true,
    versioning: true,
    policy: [
      { effect: "deny", principals: "*", actions: ["s3:DeleteObject", "s3:DeleteObjectVersion"] },
      {
        effect: "deny",
        principals: "*",
        actions: ["s3:PutObject"],
        conditions: [{ test: "Null", variable: "s3:if-none-match", values: ["true"] }],
      },
    ],
    transform: {
      bucket(args) {
        args.objectLockEnabled = true;
      },
    },
  });
  new aws.s3.BucketObjectLockConfiguration("SealsLock", {
    bucket: seals.name,
    // A stage that is tried out must be able to go again.
    rule: { defaultRetention: { mode: "COMPLIANCE", ...(isProduction ? { years: 10 } : { days: 1 }) } },
  });
  return seals;
}

/** Where a region's parts are. */
export type Places = {
  databaseUrl: string;
  queueUrl: string;
  objectRoot: string;
  objectUrl: string;
  objectSecret: string;
  storageIdSecret: string;
  fsync: boolean;
  /** The identity provider, and the audience of its tokens. */
  issuer: string;
  portalUrl: string;
  /** Where the local cloud speaks Lambda's API. */
  lambdaUrl: string;
  /** The program that unpacks and draws frames, built. */
  decoder: string;
  /** Where messages to patients lie. */
  mailBox: string;
};

/** What each process of a region is told: the variables that `@weald/adapters` reads (docs/configuration.md). */
export const environmentOf = (places: Places): Record<string, string> => ({
  WEALD_DATABASE_URL: places.databaseUrl,
  WEALD_QUEUE_URL: places.queueUrl,
  WEALD_OBJECT_ROOT: places.objectRoot,
  WEALD_OBJECT_URL: places.objectUrl,
  WEALD_OBJECT_SECRET: places.objectSecret,
  WEALD_OBJECT_FSYNC: places.fsync ? "on" : "off",
  WEALD_STORAGE_ID_SECRET: places.storageIdSecret,
  WEALD_ISSUER: places.issuer,
  WEALD_PORTAL_URL: places.portalUrl,
  WEALD_LAMBDA_ENDPOINT: places.lambdaUrl,
  WEALD_DECODER: places.decoder,
  WEALD_ANSWER_FUNCTION: "DicomwebAnswer",
  WEALD_DICOMWEB_ORIGINS: process.env.WEALD_DICOMWEB_ORIGINS ?? "",
  WEALD_ACCEPT_FUNCTION: "ArrivalsSubscriber",
  WEALD_DRAW_FUNCTION: "DrawPicture",
  WEALD_PACK_FUNCTION: "PackFrames",
  WEALD_MAIL_BOX: places.mailBox,
});

import type { ObjectStore } from "@weald/core/ports";
import { objectsFromEnvironment } from "../config.ts";
import { kept } from "./kept.ts";
import { objectStores } from "./object-stores.ts";

const compose = async (): Promise<ObjectStore> => {
  // Only a deployed function has SST's links; the import would fail anywhere else.
  const objects = process.env.WEALD_LAMBDA_ENDPOINT
    ? objectsFromEnvironment(process.env)
    : (await import("./aws.ts")).archiveFromLinks();
  return objectStores(objects).archive;
};

/** What the functions that draw and that pack have: the archive, and nothing else. */
export const pictureArchive = kept(compose);

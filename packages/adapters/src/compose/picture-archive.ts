import type { ObjectStore } from "@weald/core/ports";
import { objectsFromEnvironment } from "../config.ts";
import { objectStores } from "./object-stores.ts";

const compose = async (): Promise<ObjectStore> => {
  // Only a deployed function has SST's links; the import would fail anywhere else.
  const objects = process.env.WEALD_LAMBDA_ENDPOINT
    ? objectsFromEnvironment(process.env)
    : (await import("./aws.ts")).archiveFromLinks();
  return objectStores(objects).archive;
};

let composed: Promise<ObjectStore> | undefined;

/** What the functions that draw and that pack have: the archive, and nothing else. Kept: a function is warm for many. */
export const pictureArchive = (): Promise<ObjectStore> => {
  composed ??= compose();
  return composed;
};

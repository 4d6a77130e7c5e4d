import { afterAll } from "vitest";
import { startS3 } from "../s3/start-s3.ts";
import { objectStoreContract } from "./contract.ts";
import { openFileStores, openS3Stores } from "./harness.ts";

objectStoreContract("a folder of files", openFileStores);

const s3 = await startS3("object store contract on S3");
if (s3) objectStoreContract("S3", () => openS3Stores(s3));
afterAll(() => s3?.stop());

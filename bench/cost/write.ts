// `npx pnpm exec tsx bench/cost/write.ts`: docs/cost.md, from what is kept here.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { costDocument } from "./cost-document.ts";
import { kept } from "./read.ts";

const docs = path.resolve(import.meta.dirname, "../../docs");
writeFileSync(path.join(docs, "cost.md"), costDocument(kept()));

// `npx pnpm exec tsx bench/cost/write.ts`: docs/cost.md and docs/scale.md, from what is kept here.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { costDocument } from "./cost-document.ts";
import { kept } from "./read.ts";
import { scaleDocument } from "./scale-document.ts";

const { limits, coldStarts, ...inputs } = kept();
const docs = path.resolve(import.meta.dirname, "../../docs");
writeFileSync(path.join(docs, "cost.md"), costDocument(inputs));
writeFileSync(path.join(docs, "scale.md"), scaleDocument(inputs, limits, coldStarts));

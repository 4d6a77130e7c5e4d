import { writeFileSync } from "node:fs";
import path from "node:path";
import { evaluated, root } from "./evaluated.ts";
import { declarationsOf, manifestOf } from "./manifest-of.ts";

const graph = evaluated("test");
writeFileSync(path.join(root, "infra/manifest.json"), `${JSON.stringify(manifestOf(graph), null, 2)}\n`);
writeFileSync(path.join(root, "sst-env.d.ts"), declarationsOf(graph));
process.stdout.write("infra/manifest.json and sst-env.d.ts are written.\n");

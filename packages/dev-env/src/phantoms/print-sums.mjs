// Run with `node --import tsx`: the sums of the first files of these studies, made in a process of their own.
import { createHash } from "node:crypto";
import { demoStudies, filesOf } from "./index.ts";

const sums = {};
for (const key of process.argv.slice(2)) {
  const files = filesOf(demoStudies.find((study) => study.key === key));
  for (let count = 0, next = files.next(); count < 5 && !next.done; count += 1, next = files.next())
    sums[next.value.path] = createHash("sha256").update(next.value.bytes).digest("hex");
}
process.stdout.write(JSON.stringify(sums));

// `npx tsx packages/dicom/make-dictionary.ts`: what `src/dataset/dictionary-entries.ts` is made of. Asked for anew with each version of dcmjs.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { entriesOfDcmjs } from "./src/dataset/entries-of-dcmjs.ts";

const file = fileURLToPath(new URL("./src/dataset/dictionary-entries.ts", import.meta.url));
writeFileSync(
  file,
  `// Made by make-dictionary.ts of dcmjs's copy of DICOM PS3.6: tag, VR, keyword. dictionary.test.ts compares them.\nexport const ENTRIES = \`${entriesOfDcmjs()}\`;\n`,
);

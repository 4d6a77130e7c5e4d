import { parseArgs } from "node:util";
import { personToken } from "../identity/index.ts";
import { findPerson, people } from "../people/index.ts";
import { runningRegion } from "./region-of.ts";

const listed = () =>
  people
    .flatMap(({ key, contracts }) =>
      contracts.map(({ organisation, role }) => `  ${key}@${organisation}  ${role}`),
    )
    .join("\n");

/** `npm run token -- --as amara.okafor[@RA2]`: a bearer token for scripts and outside tools, on standard output. */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { as: { type: "string" } } });
  const found = values.as ? findPerson(values.as) : undefined;
  if (!found) {
    console.error(
      `${values.as ? `Nobody is called ${values.as}.` : "Say --as whom."} There are:\n${listed()}`,
    );
    return 2;
  }
  const { portalUrl, issuer } = await runningRegion();
  console.log(await personToken({ issuer, portalUrl, ...found }));
  return 0;
}

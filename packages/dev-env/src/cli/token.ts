import { parseArgs } from "node:util";
import { personToken, systemToken } from "../identity/index.ts";
import { findPerson, people } from "../people/index.ts";
import { runningRegion } from "./region-of.ts";

const listed = () =>
  people
    .flatMap(({ key, contracts }) =>
      contracts.map(({ organisation, role }) => `  ${key}@${organisation}  ${role}`),
    )
    .join("\n");

async function systemOf(odsCode: string): Promise<number> {
  const { portalUrl, issuer, keys } = await runningRegion();
  const secret = keys.systemSecrets[odsCode];
  if (!secret) {
    console.error(
      `No member trust has the code ${odsCode}. There are: ${Object.keys(keys.systemSecrets).join(", ")}`,
    );
    return 2;
  }
  console.log(await systemToken({ issuer, portalUrl, odsCode, secret }));
  return 0;
}

/**
 * A bearer token for scripts and outside tools, on standard output: of a person, `npm run token -- --as amara.okafor[@RA2]`,
 * or of a trust's system, `npm run token -- --system RXC`.
 */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { as: { type: "string" }, system: { type: "string" } } });
  if (values.system) return systemOf(values.system);
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

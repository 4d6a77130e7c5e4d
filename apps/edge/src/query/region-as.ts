import type { ApplicationEntity, EdgeConfig } from "../config.ts";
import { tokens } from "../forward/region-client.ts";
import { type Dicomweb, dicomweb } from "./dicomweb.ts";

/** The region as each registered system sees it: with the rights of the client behind its title, and none without one. */
export function regionAs(
  region: EdgeConfig["region"],
  met: () => void,
): (entity: ApplicationEntity) => Dicomweb | undefined {
  const made = new Map<string, Dicomweb>();
  return ({ client }) => {
    if (!client || !region.dicomwebUrl) return undefined;
    const known = made.get(client.id);
    if (known) return known;
    const web = dicomweb(region.dicomwebUrl, tokens(region.issuer, region.portalUrl, client), met);
    made.set(client.id, web);
    return web;
  };
}

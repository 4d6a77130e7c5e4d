import { type Notifier, NotifierUnavailable } from "@weald/core/ports";
import type { Config } from "../config.ts";
import { createGovukNotify } from "./govuk-notify.ts";
import { createMailBox } from "./mail-box.ts";

/** GOV.UK Notify, or the mail box of a local region. A process that is given neither sends nothing, as its role would refuse. */
export function createNotifier(config: Config["notifier"]): Notifier {
  if (!config)
    return {
      send: async () => {
        throw new NotifierUnavailable("this process is given no notifier");
      },
    };
  return config.kind === "govuk-notify" ? createGovukNotify(config) : createMailBox(config);
}

import { type Notifier, NotifierUnavailable } from "@weald/core/ports";
import type { Config } from "../config.ts";
import type { GovukNotifyOptions } from "./govuk-notify.ts";
import { createMailBox } from "./mail-box.ts";

/** Its client takes a process a quarter of a second to read: only one that sends does, at its first message. */
function govukNotify(options: GovukNotifyOptions): Notifier {
  let made: Promise<Notifier> | undefined;
  async function make(): Promise<Notifier> {
    const { createGovukNotify } = await import("./govuk-notify.ts");
    return createGovukNotify(options);
  }
  return {
    async send(notice) {
      made ??= make();
      return (await made).send(notice);
    },
  };
}

/** GOV.UK Notify, or the mail box of a local region. A process that is given neither sends nothing, as its role would refuse. */
export function createNotifier(config: Config["notifier"]): Notifier {
  if (!config)
    return {
      send: async () => {
        throw new NotifierUnavailable("this process is given no notifier");
      },
    };
  return config.kind === "govuk-notify" ? govukNotify(config) : createMailBox(config);
}

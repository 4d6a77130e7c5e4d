import { type Notice, type Notifier, NotifierRefused, NotifierUnavailable } from "@weald/core/ports";
import axios from "axios";
import { NotifyClient } from "notifications-node-client";
import { z } from "zod";
import { valuesOf } from "./values-of.ts";

export type GovukNotifyOptions = {
  apiKey: string;
  /** Another than production's. */
  baseUrl?: string | undefined;
  /** Ids of Notify's templates by ours and the channel: `link.email`. */
  templates: Readonly<Record<string, string>>;
  portalUrl: string;
};

const ANSWERS_WITHIN_MS = 5000;
const Answer = z.object({ data: z.object({ id: z.string().min(1) }) });
const Failed = z.object({
  response: z.object({
    status: z.number(),
    data: z.object({ errors: z.array(z.object({ error: z.string() })) }).optional(),
  }),
});

/**
 * Its words for what failed. 403 is a clock that is wrong or a key that was revoked, which somebody puts right: what waits goes on then.
 *
 * @see https://docs.notifications.service.gov.uk/node.html#error-codes
 */
function failureOf(error: unknown): NotifierRefused | NotifierUnavailable {
  const failed = Failed.safeParse(error);
  // Never with its cause: that holds the message.
  if (!failed.success) return new NotifierUnavailable("GOV.UK Notify can't be reached");
  const { status, data } = failed.data.response;
  const why = `GOV.UK Notify: ${status} ${data?.errors[0]?.error ?? ""}`;
  return status === 400 || status === 404 || status === 410
    ? new NotifierRefused(why)
    : new NotifierUnavailable(why);
}

/** By GOV.UK Notify's own client. */
export function createGovukNotify(options: GovukNotifyOptions): Notifier {
  const { apiKey, baseUrl, templates, portalUrl } = options;
  const client = baseUrl ? new NotifyClient(baseUrl, apiKey) : new NotifyClient(apiKey);
  client.setClient(axios.create({ timeout: ANSWERS_WITHIN_MS, maxRedirects: 0 }));

  function asked(notice: Notice) {
    const { channel, to, template, reference } = notice;
    const templateId = templates[`${template}.${channel}`];
    if (!templateId) throw new NotifierRefused(`no template for ${template}.${channel}`);
    const more = { personalisation: valuesOf(notice, portalUrl), reference };
    return channel === "email"
      ? client.sendEmail(templateId, to, more)
      : client.sendSms(templateId, to, more);
  }

  return {
    async send(notice) {
      try {
        return { deliveredId: Answer.parse(await asked(notice)).data.id };
      } catch (error) {
        throw error instanceof NotifierRefused ? error : failureOf(error);
      }
    },
  };
}

/** GOV.UK Notify: its key, for the three functions that send, and which of its templates is which. */
export function notify() {
  return {
    notifyKey: new sst.Secret("NotifyApiKey"),
    notifyEnvironment: { WEALD_NOTIFY_TEMPLATES: process.env.WEALD_NOTIFY_TEMPLATES ?? "" },
  };
}

import type { Channel, Template } from "@weald/core/ports";

/**
 * What messages say. Nothing of these names a patient, what was examined or found: whoever stands beside the telephone reads it.
 * GOV.UK Notify holds the same texts as templates, with ((…)) for {…} (docs/patient-links.md; `asked`: docs/mdt.md).
 */
const SUBJECTS: Record<Template, string> = {
  link: "Something from your hospital is ready for you to see",
  code: "Your code",
  "passed-on": "Images have been shared with you",
  "proxy-review": "Your access on behalf of somebody else will be looked at again",
  asked: "Something is asked of you before a meeting",
};

const TEXTS: Record<Template, string> = {
  link: "{trust} has something for you to see. Open this link and ask for a code: {link}\nIt works until {until}. If you did not expect this, or it isn't meant for you, open it and choose “This isn't me”.",
  code: "Your code is {code}. It works for {minutes} minutes. Nobody from the hospital will ever ask you for it.",
  "passed-on":
    "A patient of {trust} has shared images with you. Open this link and ask for a code: {link}\nIt works until {until}.",
  "proxy-review":
    "{trust} will look again at your access on behalf of somebody else on {on}. You need do nothing now; the hospital will be in touch.",
  asked:
    "Weald has {requests} for you:\n{meetings}\nSign in to see what is asked, and to answer: {page}\nThis message says nothing of any patient, and nobody reads what is sent back to it.",
};

const fill = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{([a-z]+)\}/g, (_all, name: string) => values[name] ?? "");

export const textOf = (
  template: Template,
  channel: Channel,
  values: Readonly<Record<string, string>>,
): { subject: string | undefined; text: string } => ({
  subject: channel === "email" ? SUBJECTS[template] : undefined,
  text: fill(TEXTS[template], values),
});

import { z } from "zod";
import { AccessDenied, Conflict, defineAction, Invalid, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import * as Study from "../study/index.ts";
import { type Contact, findContact, isShared } from "./contact.store.ts";
import { asksAgain } from "./contact.ts";
import { findLink, insertLink, type NewLink } from "./link.store.ts";
import { type Item, LONGEST_DAYS, PURPOSES_OF_LINKS, Scopes, USUAL_DAYS } from "./link.ts";
import { enqueueMessage } from "./message.store.ts";
import { findProxy } from "./proxy.store.ts";
import { findWishes } from "./release.store.ts";
import type { Release } from "./release.ts";
import { releaseOf } from "./release-facts.ts";
import { itemsOf } from "./scope.ts";
import { mayShare } from "./staff.policy.ts";
import { noSuchLink, sharedStudies } from "./staff-facts.ts";
import { REVIEWERS, raiseTask } from "./task.store.ts";

const DAY = 86_400_000;

const Input = z.object({
  /** Made by the window: asked twice, it is one link. */
  linkId: z.uuid(),
  scopes: Scopes,
  /** Without it: the patient's own. */
  proxyId: z.uuid().optional(),
  delivery: z.enum(["sent", "in-person"]),
  /** Where the link, and its codes, go. Only in person and with nothing ever sent: none. */
  contactId: z.uuid().optional(),
  purpose: z.enum(PURPOSES_OF_LINKS).default("own-record"),
  hasReport: z.boolean(),
  mayDownload: z.boolean().default(false),
  asksBirthDate: z.boolean().default(false),
  days: z.number().int().min(1).max(LONGEST_DAYS).default(USUAL_DAYS),
  /** Out of hours too. */
  isUrgent: z.boolean().default(false),
});
type Input = z.output<typeof Input>;
type Facts = { studies: readonly Study.StudyFacts[] };

function headOf({ studies }: Facts) {
  const [first] = studies;
  if (!first || studies.some(({ study }) => study.patientId !== first.study.patientId))
    throw new Invalid("STUDIES_OF_TWO", "These studies aren't one patient's.");
  return { organisation: first.study.custodian, record: first.record };
}

/** Contacts of whom it is for, read back where that is asked for again. */
async function checkContact(tx: Tx, input: Input, contact: Contact | undefined, patientId: string) {
  if (contact?.patientId !== patientId || contact.proxyId !== input.proxyId)
    throw new Invalid("CONTACT_UNKNOWN", "Choose where the link goes: a contact of whom it is for.");
  const shared = (await isShared(tx, contact)) ? "shared" : "their-own";
  if (asksAgain(contact, shared, tx.now))
    throw new Conflict(
      "CONTACT_TO_CONFIRM",
      "Read this contact back to whom it belongs once more: it is new, or another patient has the same.",
    );
}

async function checkDelivery(tx: Tx, input: Input, patientId: string): Promise<void> {
  const { quietAt } = await findWishes(tx, patientId);
  if (quietAt && (input.delivery === "sent" || input.contactId))
    throw new Conflict("QUIET_MODE", "Nothing is sent to this patient. Hand the link over in person.");
  if (!input.contactId && input.delivery === "in-person") return;
  const contact = input.contactId ? await findContact(tx, input.contactId) : undefined;
  await checkContact(tx, input, contact, patientId);
}

async function checkProxy(tx: Tx, { proxyId }: Input, patientId: string): Promise<void> {
  if (!proxyId) return;
  const proxy = await findProxy(tx, proxyId);
  if (proxy?.patientId !== patientId || proxy.endedAt)
    throw new Invalid("PROXY_UNKNOWN", "Nobody of that kind acts for this patient.");
  if (proxy.suspendedAt)
    throw new Conflict("PROXY_SUSPENDED", "This proxy's access waits for its review at the patient's age.");
}

async function placedItems(tx: Tx, { scopes }: Input): Promise<Item[]> {
  const all: Item[] = [];
  for (const scope of scopes) {
    const asked = scope.shows.kind === "images" ? scope.shows.images.map(({ instanceId }) => instanceId) : [];
    const found = asked.length > 0 ? await Study.findInstancesOfStudy(tx, scope.studyId, asked) : [];
    if (found.length < new Set(asked).size || !(await areSeriesOf(tx, scope)))
      throw new Invalid("SCOPE_UNKNOWN", "What was chosen isn't in this study any more. Choose again.");
    all.push(
      ...itemsOf(
        scope,
        found.map(({ id, seriesId }) => ({ instanceId: id, seriesId })),
      ),
    );
  }
  return all;
}

async function areSeriesOf(tx: Tx, { studyId, shows }: Input["scopes"][number]): Promise<boolean> {
  if (shows.kind !== "series") return true;
  for (const seriesId of shows.seriesIds)
    if ((await Study.findServedSeries(tx, seriesId))?.studyId !== studyId) return false;
  return true;
}

type Judged = { studyId: string; release: Release };

async function judge(tx: Tx, input: Input, { studies }: Facts): Promise<Judged[]> {
  const asked = { recipient: input.proxyId ? "proxy" : "patient", ...input } as const;
  const judged: Judged[] = [];
  for (const facts of studies)
    judged.push({
      studyId: facts.study.id,
      release: await releaseOf(tx, facts, { ...asked, proxyId: input.proxyId }),
    });
  return judged;
}

/** What is never shared is refused as anything else is, and who leads on safeguarding hears of it (clinical page §13). */
async function refuse(tx: Tx, judged: readonly Judged[], of: { organisation: string; patientId: string }) {
  for (const { studyId, release } of judged)
    if (release.state === "never" && release.why.some((why) => why !== "screening"))
      await raiseTask(tx, { ...of, kind: "safeguarding", forWhom: REVIEWERS, studyId });
  return { refused: true, patientId: of.patientId, custodian: of.organisation } as const;
}

function linkOf(tx: Tx, input: Input, head: ReturnType<typeof headOf>): NewLink {
  const { linkId: id, proxyId, contactId, delivery, purpose, days } = input;
  const { hasReport, mayDownload, asksBirthDate } = input;
  return {
    ...{ id, organisation: head.organisation, delivery, purpose, hasReport, mayDownload, asksBirthDate },
    patientRecordId: head.record.id,
    patientId: head.record.patientId,
    recipient: proxyId ? "proxy" : "patient",
    ...{ proxyId, contactId, parentId: undefined, passedTo: undefined, passedAddress: undefined },
    issuedBy: tx.actor.id,
    endsAt: new Date(tx.now.getTime() + days * DAY),
  };
}

async function make(tx: Tx, input: Input, link: NewLink, items: readonly Item[]): Promise<void> {
  if (await insertLink(tx, link, items)) {
    const { organisation, patientId, id: linkId } = link;
    const { contactId, isUrgent } = input;
    if (input.delivery === "sent" && contactId)
      await enqueueMessage(tx, {
        ...{ organisation, patientId, linkId, contactId, template: "link", isUrgent },
      });
    return;
  }
  const known = await findLink(tx, link.id);
  if (known?.issuedBy !== tx.actor.id || known.patientId !== link.patientId) throw noSuchLink();
}

/**
 * Makes a link for a patient, or for who acts for them (clinical page §10). What is held waits: its message goes once all of it is
 * released. It holds no token: that is minted where it is sent or handed over.
 *
 * @throws {NotFound} `STUDY_NOT_FOUND`
 * @throws {AccessDenied} `cannot-be-shared`, whatever the reason
 * @throws {Invalid} `STUDIES_OF_TWO`, `SCOPE_UNKNOWN`, `CONTACT_UNKNOWN`, `PROXY_UNKNOWN`
 * @throws {Conflict} `CONTACT_TO_CONFIRM`, `QUIET_MODE`, `PROXY_SUSPENDED`
 */
export const share = defineAction({
  name: "consent.share",
  input: Input,
  policy: mayShare,
  absent: Study.noSuchStudy,
  load: (tx, { scopes }) =>
    sharedStudies(
      tx,
      scopes.map(({ studyId }) => studyId),
    ),
  async run(tx, input, facts) {
    const head = headOf(facts);
    const { patientId } = head.record;
    if (await Patient.hasDied(tx, patientId))
      throw new Conflict(
        "PATIENT_DIED",
        "This patient has died. Their record goes out by subject access, not by a link.",
      );
    const judged = await judge(tx, input, facts);
    if (judged.some(({ release }) => release.state === "never"))
      return refuse(tx, judged, { organisation: head.organisation, patientId });
    const items = await placedItems(tx, input);
    await checkProxy(tx, input, patientId);
    await checkDelivery(tx, input, patientId);
    await make(tx, input, linkOf(tx, input, head), items);
    return { refused: false, judged, patientId, custodian: head.organisation } as const;
  },
  async after(_ctx, done, { linkId }) {
    if (done.refused) throw new AccessDenied("cannot-be-shared", "This can't be shared by a link.");
    return { linkId, studies: done.judged };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ linkId, scopes, proxyId }, done) =>
      scopes.map(({ studyId }) => ({
        studyId,
        ...(done ? { patientId: done.patientId, custodian: done.custodian } : {}),
        detail: { linkId, act: done?.refused ? "refused" : "shared", ...(proxyId ? { proxyId } : {}) },
      })),
  },
});

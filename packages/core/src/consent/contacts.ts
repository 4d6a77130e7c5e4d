import { z } from "zod";
import { defineAction, NotFound, type Tx } from "../kernel/index.ts";
import {
  type Contact,
  endContactNow,
  findContact,
  findContacts,
  insertContact,
  isShared,
  noteReadBack,
} from "./contact.store.ts";
import { Address, asksAgain } from "./contact.ts";
import { mayServe } from "./staff.policy.ts";
import { noSuchPatient, type PatientSide, patientSide } from "./staff-facts.ts";

const noSuchContact = () =>
  new NotFound("CONTACT_NOT_FOUND", "There is no such contact, or it was taken back.");

export const ofRecord = ({ organisation, record }: PatientSide) => ({
  organisation,
  patientRecordId: record.id,
  patientId: record.patientId,
});

async function contactSide(tx: Tx, contactId: string): Promise<PatientSide & { contact: Contact }> {
  const contact = await findContact(tx, contactId);
  if (!contact) throw noSuchContact();
  const side = await patientSide(tx, contact.patientId);
  if (side.organisation !== contact.organisation) throw noSuchContact();
  return { ...side, contact };
}

/** A contact of a patient or a proxy of theirs, written down and read back to whom it belongs. @throws {NotFound} `PATIENT_NOT_FOUND` */
export const saveContact = defineAction({
  name: "consent.save-contact",
  input: z.object({ contactId: z.uuid(), patientId: z.uuid(), proxyId: z.uuid().optional() }).and(Address),
  policy: mayServe,
  absent: noSuchPatient,
  load: (tx, { patientId }) => patientSide(tx, patientId),
  async run(tx, { contactId: id, channel, address, proxyId }, side) {
    await insertContact(tx, { id, ...ofRecord(side), channel, address, proxyId });
    return ofRecord(side);
  },
  after: async (_ctx, _done, { contactId }) => ({ contactId }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ contactId, patientId, channel }, done) => ({
      patientId,
      ...(done ? { custodian: done.organisation } : {}),
      detail: { contactId, channel, act: "contact-saved" },
    }),
  },
});

const ofContact = (act: string) => ({
  how: "each" as const,
  verb: "changed" as const,
  subjects: ({ contactId }: { contactId: string }, done: Contact | undefined) => ({
    ...(done ? { patientId: done.patientId, custodian: done.organisation } : {}),
    detail: { contactId, act },
  }),
});

/** Read back once more. @throws {NotFound} `CONTACT_NOT_FOUND` */
export const confirmContact = defineAction({
  name: "consent.confirm-contact",
  input: z.object({ contactId: z.uuid() }),
  policy: mayServe,
  absent: noSuchContact,
  load: (tx, { contactId }) => contactSide(tx, contactId),
  async run(tx, { contactId }, { contact }) {
    await noteReadBack(tx, contactId);
    return contact;
  },
  after: async (_ctx, { id }) => ({ contactId: id }),
  audit: ofContact("contact-read-back"),
});

/** Taken back: nothing goes there from now on. @throws {NotFound} `CONTACT_NOT_FOUND` */
export const endContact = defineAction({
  name: "consent.end-contact",
  input: z.object({ contactId: z.uuid() }),
  policy: mayServe,
  absent: noSuchContact,
  load: (tx, { contactId }) => contactSide(tx, contactId),
  async run(tx, { contactId }, { contact }) {
    await endContactNow(tx, contactId);
    return contact;
  },
  after: async (_ctx, { id }) => ({ contactId: id }),
  audit: ofContact("contact-ended"),
});

async function shown(tx: Tx, contact: Contact) {
  const shared = (await isShared(tx, contact)) ? "shared" : "their-own";
  const { id, channel, address, proxyId, readBackAt } = contact;
  return {
    ...{ contactId: id, channel, address, proxyId },
    readBackAt: readBackAt?.toISOString(),
    isShared: shared === "shared",
    isToConfirm: asksAgain(contact, shared, tx.now),
  };
}

/** Where one's own trust reaches a patient and who acts for them. @throws {NotFound} `PATIENT_NOT_FOUND` */
export const listContacts = defineAction({
  name: "consent.list-contacts",
  input: z.object({ patientId: z.uuid() }),
  policy: mayServe,
  absent: noSuchPatient,
  load: (tx, { patientId }) => patientSide(tx, patientId),
  async run(tx, { patientId }, { organisation }) {
    const contacts = [];
    for (const contact of await findContacts(tx, { patientId, organisation }))
      contacts.push(await shown(tx, contact));
    return { contacts, organisation };
  },
  after: async (_ctx, { contacts }) => ({ contacts }),
  audit: {
    how: "each",
    verb: "listed",
    subjects: ({ patientId }, done) => ({
      patientId,
      ...(done ? { custodian: done.organisation, detail: { contacts: done.contacts.length } } : {}),
    }),
  },
});

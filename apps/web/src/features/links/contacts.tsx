"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Badge } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { Failed } from "#features/shell/failed.tsx";
import { SelectField, TextField } from "#features/shell/field.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";

export type Contact = Outputs["links"]["listContacts"]["contacts"][number];

/** Where a patient, or who acts for them, is reached: as their own trust has it. */
export function useContacts(patientId: string, proxyId: string | undefined) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const list = useQuery(trpc.links.listContacts.queryOptions({ patientId }));
  const again = () => queries.invalidateQueries({ queryKey: trpc.links.listContacts.queryKey() });
  const contacts = list.data?.contacts.filter((one) => one.proxyId === proxyId) ?? [];
  return { contacts, error: list.error, isLoading: list.isPending, again };
}

type AddProps = { patientId: string; proxyId: string | undefined; onAdded(contactId: string): void };

function AddContact({ patientId, proxyId, onAdded }: AddProps) {
  const trpc = useTRPC();
  const [channel, setChannel] = useState<"email" | "sms">("sms");
  const [address, setAddress] = useState("");
  const [isReadBack, setIsReadBack] = useState(false);
  const save = useMutation(
    trpc.links.saveContact.mutationOptions({ onSuccess: ({ contactId }) => onAdded(contactId) }),
  );
  function add() {
    const contactId = crypto.randomUUID();
    save.mutate({ contactId, patientId, channel, address, ...(proxyId ? { proxyId } : {}) });
  }
  return (
    // It stands within the form that shares, and a form within a form would share.
    <fieldset aria-label="Add a contact" className="flex flex-col gap-2">
      <div className="grid gap-3 sm:grid-cols-[10rem_1fr]">
        <SelectField
          label="How"
          value={channel}
          onChange={(event) => setChannel(event.target.value === "email" ? "email" : "sms")}
        >
          <option value="sms">Text message</option>
          <option value="email">E-mail</option>
        </SelectField>
        <TextField
          label={channel === "sms" ? "Mobile number" : "E-mail address"}
          value={address}
          onChange={(event) => setAddress(event.target.value)}
          autoComplete="off"
          maxLength={254}
        />
      </div>
      <label className="flex items-baseline gap-2">
        <input type="checkbox" checked={isReadBack} onChange={() => setIsReadBack((was) => !was)} />I have
        read it back to whom it belongs, and it is right.
      </label>
      <Button
        onClick={add}
        className="w-fit"
        disabled={!isReadBack || address.trim() === "" || save.isPending}
      >
        Add this contact
      </Button>
      <Failed title="It wasn't added" error={save.error} />
    </fieldset>
  );
}

function ContactNote({ contact, onConfirmed }: { contact: Contact; onConfirmed(): void }) {
  const trpc = useTRPC();
  const confirm = useMutation(trpc.links.confirmContact.mutationOptions({ onSuccess: onConfirmed }));
  if (!contact.isToConfirm) return <Badge tone="green">Read back</Badge>;
  return (
    <>
      <Badge tone="amber">
        {contact.isShared ? "Another patient has the same" : "Read back again first"}
      </Badge>{" "}
      <Button onClick={() => confirm.mutate({ contactId: contact.contactId })} disabled={confirm.isPending}>
        I have read it back now
      </Button>
      <Failed title="It wasn't noted" error={confirm.error} />
    </>
  );
}

type Props = {
  patientId: string;
  proxyId: string | undefined;
  chosen: string | undefined;
  onChoose(contactId: string | undefined): void;
};

/** To where it goes: a contact on record that was read back, or one that is written down now. */
export function ChooseContact({ patientId, proxyId, chosen, onChoose }: Props) {
  const { contacts, error, isLoading, again } = useContacts(patientId, proxyId);
  const [isAdding, setIsAdding] = useState(false);
  return (
    <div className="flex flex-col gap-2">
      <fieldset className="flex flex-col gap-1">
        <legend className="font-medium">To where</legend>
        {isLoading ? <p role="status">Looking for contacts …</p> : null}
        {!isLoading && contacts.length === 0 ? <p className="text-muted">No contact is on record.</p> : null}
        {contacts.map((contact) => (
          <div key={contact.contactId} className="flex flex-wrap items-center gap-2">
            <label className="flex items-baseline gap-2">
              <input
                type="radio"
                name="contact"
                checked={chosen === contact.contactId}
                onChange={() => onChoose(contact.contactId)}
              />
              {contact.channel === "sms" ? "Text to" : "E-mail to"} {contact.address}
            </label>
            <ContactNote contact={contact} onConfirmed={() => void again()} />
          </div>
        ))}
      </fieldset>
      {isAdding ? (
        <AddContact
          {...{ patientId, proxyId }}
          onAdded={(contactId) => {
            setIsAdding(false);
            onChoose(contactId);
            void again();
          }}
        />
      ) : (
        <Button className="w-fit" onClick={() => setIsAdding(true)}>
          Add a contact
        </Button>
      )}
      <Failed title="Contacts can't be read" error={error} />
    </div>
  );
}

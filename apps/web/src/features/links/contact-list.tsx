"use client";
import { useMutation } from "@tanstack/react-query";
import { Badge } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asMoment } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { Notice } from "#features/shell/notice.tsx";
import { Panel } from "#features/shell/page.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";
import { useContacts } from "./contacts.tsx";

/** Where links and codes go, and the way to take a contact back: nothing goes there from then on. */
export function ContactList({ patientId }: { patientId: string }) {
  const trpc = useTRPC();
  const { contacts, error, again } = useContacts(patientId, undefined);
  const end = useMutation(trpc.links.endContact.mutationOptions({ onSuccess: () => void again() }));
  return (
    <Panel className="flex flex-col gap-2 px-4 py-3">
      <h2>Contacts</h2>
      {contacts.length === 0 ? (
        <p className="text-muted">None is on record. One adds them when one shares.</p>
      ) : null}
      <ul aria-label="Contacts">
        {contacts.map(({ contactId, address, readBackAt, isToConfirm }) => (
          <li key={contactId} className="flex flex-wrap items-center gap-2 py-1">
            <span>
              {address}, read back {asMoment(readBackAt)}
            </span>
            {isToConfirm ? <Badge tone="amber">Read back again before it is used</Badge> : null}
            <Button tone="danger" disabled={end.isPending} onClick={() => end.mutate({ contactId })}>
              Take it back<span className="sr-only">: {address}</span>
            </Button>
          </li>
        ))}
      </ul>
      {(error ?? end.error) ? (
        <Notice tone="danger" title="That didn't work">
          {errorText((error ?? end.error) as NonNullable<typeof error>)}
        </Notice>
      ) : null}
    </Panel>
  );
}

"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "#features/shell/button.tsx";
import { Failed } from "#features/shell/failed.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";
import { QrCode } from "./qr-code.tsx";

/** Hands a link over in person. What it answers is shown this once: whatever was sent or shown before opens nothing more. */
export function HandOver({ linkId }: { linkId: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const hand = useMutation(
    trpc.links.handOver.mutationOptions({
      onSuccess: () => void queries.invalidateQueries({ queryKey: trpc.links.listOfPatient.queryKey() }),
    }),
  );
  if (!hand.data)
    return (
      <div className="flex flex-col gap-2">
        <Button className="w-fit" disabled={hand.isPending} onClick={() => hand.mutate({ linkId })}>
          Show the QR code now
        </Button>
        <Failed title="It can't be handed over now" error={hand.error} />
      </div>
    );
  const { token, code } = hand.data;
  const address = `${window.location.origin}/link#${token}`;
  return (
    <section aria-label="Hand over" className="flex flex-col gap-3">
      <QrCode text={address} label="QR code of the link" />
      <p>
        Let the patient scan it, or write down the link's code: <code data-testid="link-code">{token}</code>
      </p>
      {code ? (
        <p>
          And the one-time code, on another piece of paper: <strong data-testid="paper-code">{code}</strong>.
          It works once, for seven days.
        </p>
      ) : (
        <p>They ask for their one-time code themselves; it goes to the contact that you chose.</p>
      )}
      <p className="text-sm text-muted">
        It is shown this once. Shown again it is another code, and this one opens nothing.
      </p>
    </section>
  );
}

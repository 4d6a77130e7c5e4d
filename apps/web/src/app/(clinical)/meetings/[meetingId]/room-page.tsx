import { notFound } from "next/navigation";
import { Presentation } from "#features/room/presentation.tsx";
import type { RoomProps } from "#features/room/shown-case.ts";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";
import { settings } from "#server/settings.ts";
import { signedIn } from "#server/signed-in.ts";

type Props = { meetingId: string; at?: string | undefined } & Pick<RoomProps, "as">;

/** A meeting's presentation, for who is in the room or for its display. */
export async function RoomPage({ meetingId, as, at }: Props) {
  const caller = await api();
  const listed = await caller.room.listCases({ meetingId }).catch(refusalOf);
  if ("refused" in listed) {
    if (listed.refused === "not-found") notFound();
    return <RefusedPage title="In the room" refusal={listed} />;
  }
  const [who, organisations] = await Promise.all([signedIn(), caller.organisation.list({})]);
  return (
    <Presentation
      first={listed}
      as={as}
      at={at}
      trustNames={new Map(organisations.map(({ odsCode, name }) => [odsCode, name]))}
      isDemonstration={settings().isDemonstration}
      actingFor={who?.organisationName ?? ""}
      reader={{ name: who?.name ?? "", organisation: who?.actor.organisation ?? "" }}
    />
  );
}

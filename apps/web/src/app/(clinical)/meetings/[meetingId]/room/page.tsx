import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Presentation } from "#features/room/presentation.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";
import { settings } from "#server/settings.ts";
import { signedIn } from "#server/signed-in.ts";

export const metadata: Metadata = { title: "In the room" };

export default async function RoomPage({ params }: { params: Promise<{ meetingId: string }> }) {
  const { meetingId } = await params;
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
      trustNames={new Map(organisations.map(({ odsCode, name }) => [odsCode, name]))}
      isDemonstration={settings().isDemonstration}
      actingFor={who?.organisationName ?? ""}
      reader={{ name: who?.name ?? "", organisation: who?.actor.organisation ?? "" }}
    />
  );
}

import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { MeetingList } from "#features/mdt/meeting-list.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";
import { settings } from "#server/settings.ts";

export const metadata: Metadata = { title: "Meeting" };

export default async function MeetingPage({ params }: { params: Promise<{ meetingId: string }> }) {
  const { meetingId } = await params;
  const read = await (await api()).mdt.readMeeting({ meetingId }).catch(refusalOf);
  if (!("refused" in read)) return <MeetingList first={read} isDemonstration={settings().isDemonstration} />;
  if (read.refused === "not-found") notFound();
  return <RefusedPage title="Meeting" refusal={read} />;
}

import type { Metadata } from "next";
import { Board } from "#features/mdt/board.tsx";
import { MeetingLinks } from "#features/mdt/meeting-links.tsx";
import { Reds } from "#features/mdt/reds.tsx";
import { Page } from "#features/shell/page.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";
import { signedIn } from "#server/signed-in.ts";

export const metadata: Metadata = { title: "Meetings" };

export default async function MeetingsPage() {
  const caller = await api();
  const board = await caller.mdt.listMeetings({}).catch(refusalOf);
  if ("refused" in board) return <RefusedPage title="Meetings" refusal={board} />;
  const mayList = (await signedIn())?.actor.activities.includes("list-for-mdt") === true;
  return (
    <Page
      title="Meetings"
      lead="Your meetings, theatre and clinic lists of the week past and four weeks to come, and how ready their cases are."
    >
      <Reds {...(await caller.mdt.listReds({}))} />
      <MeetingLinks mayList={mayList} />
      <Board first={board} />
    </Page>
  );
}

import type { Metadata } from "next";
import { MyActions } from "#features/room/my-actions.tsx";
import { Page } from "#features/shell/page.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";

export const metadata: Metadata = { title: "Actions" };

export default async function ActionsPage() {
  const listed = await (await api()).room.listActions({}).catch(refusalOf);
  if ("refused" in listed) return <RefusedPage title="Actions" refusal={listed} />;
  return (
    <Page title="Actions" lead="What meetings decided that you do, the soonest due first.">
      <MyActions first={listed} />
    </Page>
  );
}

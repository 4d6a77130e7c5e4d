import type { Metadata } from "next";
import { MySessions } from "#features/identity/my-sessions.tsx";
import { Page } from "#features/shell/page.tsx";

export const metadata: Metadata = { title: "Where you are signed in" };

export default function SessionsPage() {
  return (
    <Page
      title="Where you are signed in"
      lead="A page that you left open elsewhere can be closed from here. It ends with its next request."
    >
      <MySessions />
    </Page>
  );
}

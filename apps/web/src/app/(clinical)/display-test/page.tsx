import type { Metadata } from "next";
import { DisplayTest } from "#features/display/display-test.tsx";
import { Page } from "#features/shell/page.tsx";

export const metadata: Metadata = { title: "Display test" };

export default function DisplayTestPage() {
  return (
    <Page
      title="Display test"
      lead="Look at it where you read, with the room's light as you read. If a line below fails, tell your PACS team and read elsewhere."
    >
      <DisplayTest />
    </Page>
  );
}

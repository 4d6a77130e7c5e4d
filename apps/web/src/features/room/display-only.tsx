import { buttonClass } from "#features/shell/button-class.ts";
import { Notice } from "#features/shell/notice.tsx";
import { Page } from "#features/shell/page.tsx";
import { LeaveDisplay } from "./display-buttons.tsx";

/** Any other page, asked for by a browser that is a meeting's display. */
export const DisplayOnly = ({ meetingId }: { meetingId: string }) => (
  <Page title="This browser is a meeting's display">
    <Notice tone="amber" title="It shows that meeting's list and nothing else">
      To work in Weald here, leave the display and sign in.
    </Notice>
    <p className="flex gap-3">
      <a href={`/meetings/${meetingId}/display`} className={buttonClass({ tone: "main" })}>
        Back to the list
      </a>
      <LeaveDisplay />
    </p>
  </Page>
);

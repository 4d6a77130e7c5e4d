import { Notice } from "./notice.tsx";
import { Page } from "./page.tsx";

/** In place of a page that isn't for whoever asked: its name, and what they can do. */
export const RefusedPage = ({
  title,
  refusal,
}: {
  title: string;
  refusal: { title: string; text: string };
}) => (
  <Page title={title}>
    <Notice tone="amber" title={refusal.title}>
      {refusal.text}
    </Notice>
  </Page>
);

"use client";
import { Button } from "#features/shell/button.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { Page } from "#features/shell/page.tsx";

export default function ClinicalError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <Page title="This page can't be shown now">
      <Notice tone="danger" title="Weald didn't answer">
        <p>
          Nothing was lost. Try again; if it goes on, tell your PACS team
          {error.digest ? ` the code ${error.digest}` : ""}.
        </p>
      </Notice>
      <Button tone="main" className="w-fit" onClick={reset}>
        Try again
      </Button>
    </Page>
  );
}

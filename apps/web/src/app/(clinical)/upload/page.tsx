import type { Metadata } from "next";
import { Upload } from "#features/ingest/upload.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { Page } from "#features/shell/page.tsx";
import { api } from "#server/caller.ts";
import { signedIn } from "#server/signed-in.ts";

export const metadata: Metadata = { title: "Add images" };

export default async function UploadPage() {
  const who = await signedIn();
  const activities = who?.actor.activities ?? [];
  const [maySendOwn, mayImport] = [activities.includes("acquire"), activities.includes("import-outside")];
  if (!who || (!maySendOwn && !mayImport))
    return (
      <Page title="Add images">
        <Notice tone="amber" title="Your role doesn't add images">
          Ask your trust's PACS team to add them.
        </Notice>
      </Page>
    );
  const caller = await api();
  return (
    <Page
      title="Add images"
      lead={`Drag a folder of DICOM files here. What you add is held by ${who.organisationName}; every file gets an answer.`}
    >
      <Upload
        maySendOwn={maySendOwn}
        organisations={await caller.organisation.list({})}
        discs={mayImport ? await caller.ingest.listOutside({}) : undefined}
      />
    </Page>
  );
}

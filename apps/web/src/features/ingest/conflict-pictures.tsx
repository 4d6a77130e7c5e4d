"use client";
import dynamic from "next/dynamic";
import { useMemo } from "react";
import { type Outputs, useTRPCClient } from "#features/shell/trpc.tsx";
import type { FrameSource, SignedObject, ViewerInstance } from "#viewer/contract.ts";

// Cornerstone needs a browser: workers, WebGL, WebAssembly.
const Still = dynamic(() => import("#viewer/still.tsx").then((module) => module.Still), {
  ssr: false,
  loading: () => <p role="status">Loading the picture …</p>,
});

type Comparison = Outputs["ingest"]["compareQuarantined"];
type Compared = Comparison["came"];
type Props = { here: Comparison["here"]; came: Compared; quarantineId: string; isOpen: boolean };

/** One object as the viewer takes a series: its first frame, and URLs from whoever may sign them. */
const sourceOf = (image: Compared["image"], sign: () => Promise<SignedObject[]>): FrameSource => ({
  instances: async () => ({ instances: [image as ViewerInstance] }),
  sign,
  displayed: async () => {},
});

function Picture({
  name,
  image,
  sign,
}: {
  name: string;
  image: Compared["image"];
  sign(): Promise<SignedObject[]>;
}) {
  const source = useMemo(() => sourceOf(image, sign), [image, sign]);
  return (
    <figure className="flex min-w-0 flex-1 flex-col gap-1">
      <figcaption className="font-semibold">{name}</figcaption>
      {image.frames.length > 0 ? (
        <Still label={`Picture: ${name}`} source={source} seriesId={image.instanceId} />
      ) : (
        <p className="rounded border border-line bg-panel px-4 py-10 text-center text-muted">
          This object has no picture. Compare what it says.
        </p>
      )}
    </figure>
  );
}

/** A picture of each: the first frame, drawn as the viewer draws it. */
export function ConflictPictures({ here, came, quarantineId, isOpen }: Props) {
  const client = useTRPCClient();
  const [studyId, instanceId] = [here?.studyId, here?.image.instanceId];
  const signHere = useMemo(
    () => async () =>
      studyId && instanceId
        ? (await client.study.signObjects.mutate({ studyId, instanceIds: [instanceId] })).objects
        : [],
    [client, studyId, instanceId],
  );
  const signCame = useMemo(
    () => async () => (await client.ingest.signQuarantined.mutate({ quarantineId })).objects,
    [client, quarantineId],
  );
  return (
    <section aria-label="Pictures" className="flex flex-wrap gap-4 max-sm:flex-col">
      {here ? <Picture name="Is here" image={here.image} sign={signHere} /> : null}
      {isOpen ? <Picture name="Came" image={came.image} sign={signCame} /> : null}
    </section>
  );
}

import { isPresentationState, Jumps } from "../annotations/jumps.tsx";
import type { Header, ViewerInstance } from "../contract.ts";
import { whyNotShown } from "../frames/decodable.ts";
import { items, meaning, text } from "../header.ts";
import { SegmentationCard, StateCard } from "../others/cards.tsx";
import { isSegmentation } from "../others/segmentation.ts";

const SR = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.88\./;

/** One content item's value, by its type. @see DICOM PS3.3 §C.17.3 */
function shownValue(item: Header): string | undefined {
  const [measured] = items(item, "0040A300");
  if (measured) {
    const unit = meaning(items(measured, "004008EA")[0]);
    return [text(measured, "0040A30A"), unit].filter(Boolean).join(" ");
  }
  return (
    text(item, "0040A160") ??
    meaning(items(item, "0040A168")[0]) ??
    text(item, "0040A120") ??
    text(item, "0040A121") ??
    text(item, "0040A122") ??
    personName(item) ??
    text(item, "0040A124")
  );
}

/** As `Family, Given`. @see DICOM PS3.18 §F.2.2 */
function personName(item: Header): string | undefined {
  const value = item["0040A123"]?.Value?.[0];
  if (typeof value !== "object" || value === null) return undefined;
  const { Alphabetic: name } = value;
  return typeof name === "string" ? name.split("^").filter(Boolean).join(", ") : undefined;
}

/** What has no name says what it is. @see DICOM PS3.3 §C.17.3.2.1 */
const KINDS: Record<string, string> = {
  IMAGE: "Image",
  SCOORD: "Place in the image",
  SCOORD3D: "Place in space",
  WAVEFORM: "Waveform",
  COMPOSITE: "Object",
};

function Tree({ item }: { item: Header }) {
  const [name, value, children] = [
    meaning(items(item, "0040A043")[0]),
    shownValue(item),
    items(item, "0040A730"),
  ];
  return (
    <li>
      <span className="font-semibold">{name ?? KINDS[text(item, "0040A040") ?? ""] ?? "Item"}</span>
      {value ? `: ${value}` : ""}
      {children.length > 0 ? (
        <ul className="ml-5 list-disc">
          {children.map((child, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a content item is its place
            <Tree key={index} item={child} />
          ))}
        </ul>
      ) : null}
    </li>
  );
}

/** What is no image: a structured report as text; for other kinds a sentence that says so. */
export function Document({ instances }: { instances: readonly ViewerInstance[] }) {
  return (
    <section aria-label="Document" className="grow overflow-auto bg-panel p-6 text-ink" data-state="ready">
      {instances.map((instance) =>
        SR.test(instance.sopClassUid) ? (
          <ul key={instance.instanceId} className="max-w-3xl">
            <Tree item={instance.header} />
            <Jumps instance={instance} />
          </ul>
        ) : isPresentationState(instance) ? (
          <div key={instance.instanceId} className="max-w-3xl">
            <StateCard instance={instance} />
            <Jumps instance={instance} />
          </div>
        ) : isSegmentation(instance) ? (
          <SegmentationCard key={instance.instanceId} instance={instance} />
        ) : (
          <p key={instance.instanceId}>
            {whyNotShown(instance.transferSyntaxUid) ??
              `This kind of object isn't shown here yet (${instance.sopClassUid}). Open it in your PACS.`}
          </p>
        ),
      )}
    </section>
  );
}

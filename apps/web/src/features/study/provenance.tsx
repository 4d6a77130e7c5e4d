import Link from "next/link";
import type { Outputs } from "#features/shell/trpc.tsx";
import { copyText } from "#features/worklist/copies.ts";

type Opened = Outputs["study"]["open"];
type Props = { opened: Opened; trustNames: ReadonlyMap<string, string> };

/** What is missing is said: the site, and the images that nobody has looked at for text (clinical page §7). */
function SiteWithheld({ withheld }: { withheld: number }) {
  return (
    <p className="flex flex-wrap gap-x-5 gap-y-1 text-sm" data-testid="provenance">
      <strong>Site withheld</strong>
      <span>Where this was done is told to the team that cares for this patient, and by broken glass.</span>
      {withheld > 0 ? (
        <span>
          {withheld === 1 ? "1 image isn't" : `${withheld} images aren't`} shown: text in the picture may tell
          the site, and nobody has looked yet.
        </span>
      ) : null}
    </p>
  );
}

/** Where outside images came from, and who else holds this study (clinical page §§17, 20). Nothing to say: nothing. */
export function Provenance({ opened, trustNames }: Props) {
  if (opened.masked) return <SiteWithheld withheld={opened.masked.withheld} />;
  if (!opened.isOutside && opened.copies.length === 0) return null;
  return (
    <p className="flex flex-wrap gap-x-5 gap-y-1 text-sm" data-testid="provenance">
      {opened.isOutside ? (
        <strong>Outside images, from {opened.sourceName ?? "a source that was not recorded"}</strong>
      ) : null}
      {opened.copies.map((copy) => (
        <span key={copy.studyId}>
          {copyText(copy, trustNames.get(copy.custodian) ?? copy.custodian)}
          {copy.moreThere > 0 ? (
            <>
              {" "}
              <Link href={`/studies/${copy.studyId}`} prefetch={false} className="underline">
                Open theirs
              </Link>
            </>
          ) : null}
        </span>
      ))}
    </p>
  );
}

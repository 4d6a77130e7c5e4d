import type { Outputs } from "#features/shell/trpc.tsx";
import { Fact, Facts } from "./figures.tsx";
import { inBytes, inCount } from "./words.ts";

type Read = Outputs["operations"]["readStorage"];

/** What the trust's archive holds. */
export function Storage({ originals, colder, packs, quarantine, isCounting }: Read) {
  return (
    <>
      <Facts>
        <Fact name="Originals">
          {inBytes(originals.sizeBytes)} in {inCount(originals.instances)} objects
        </Fact>
        <Fact name={`Of the last ${colder.afterDays} days`}>
          {inBytes(originals.sizeBytes - colder.sizeBytes)} in{" "}
          {inCount(originals.instances - colder.instances)} objects
        </Fact>
        <Fact name="Older">
          {inBytes(colder.sizeBytes)} in {inCount(colder.instances)} objects
        </Fact>
        <Fact name="Packs for reading">
          {inBytes(packs.sizeBytes)} in {inCount(packs.packs)} packs
        </Fact>
        <Fact name="Put aside in quarantine">
          {inBytes(quarantine.sizeBytes)} in {inCount(quarantine.count)} objects
        </Fact>
      </Facts>
      {isCounting ? (
        <p role="status">Older images are still being counted: the true figure for originals is higher.</p>
      ) : null}
      <p className="text-muted">
        Originals of your trust as they came. Where the archive is Amazon&apos;s, what is older than{" "}
        {colder.afterDays} days lies in a class that costs less to keep and answers as soon, but for objects
        under 128 KB, which stay. Packs come beside them: a series&apos; images once more, laid out for
        reading; one that was overtaken is kept.
      </p>
    </>
  );
}

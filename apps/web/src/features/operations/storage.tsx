import type { Outputs } from "#features/shell/trpc.tsx";
import { Fact, Facts } from "./figures.tsx";
import { inBytes, inCount } from "./words.ts";

type Read = Outputs["operations"]["readStorage"];

/** What the trust's archive holds. */
export function Storage({ originals, quarantine, isCounting }: Read) {
  return (
    <>
      <Facts>
        <Fact name="Originals">
          {inBytes(originals.sizeBytes)} in {inCount(originals.instances)} objects
        </Fact>
        <Fact name="Put aside in quarantine">
          {inBytes(quarantine.sizeBytes)} in {inCount(quarantine.count)} objects
        </Fact>
      </Facts>
      {isCounting ? (
        <p role="status">Older images are still being counted: the true figure for originals is higher.</p>
      ) : null}
      <p className="text-muted">
        Originals of your trust as they came. In which storage class each lies is known to the object store
        alone.
      </p>
    </>
  );
}

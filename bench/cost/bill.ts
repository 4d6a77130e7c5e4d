import type { Measured, MeasuredKind, Plan, Price } from "./types.ts";

export type PriceList = Readonly<Record<string, Price>>;
export type Inputs = { plan: Plan; measured: Measured; prices: PriceList };
export type Line = { name: string; amount: number; unit: string; usd: number };

const GB = 2 ** 30;
const HOURS = 8760;
const MONTHS = 12;
/** What came evenly over a year has lain for half of it. */
const MEAN_MONTHS = MONTHS / 2;
const NATS = 2;
/** HealthImaging bills an image set at 5 MB at least, in binary units as its page says. */
const LEAST_IMAGE_SET = 5 * 2 ** 20;

export function priceOf(prices: PriceList, name: string): number {
  const price = prices[name];
  if (!price) throw new Error(`no price ${name}`);
  return price.usd;
}

export function kindOf(measured: Measured, name: string): MeasuredKind {
  const kind = measured.kinds.find((one) => one.name === name);
  if (!kind) throw new Error(`${name} is not measured`);
  return kind;
}

/** The mean of all examinations, by the mix. */
export const mean = ({ plan, measured }: Inputs, of: (kind: MeasuredKind) => number): number =>
  plan.kinds.reduce((sum, { name, share }) => sum + share * of(kindOf(measured, name)), 0);

export const invocationsOf = ({ functions }: MeasuredKind): number =>
  Object.values(functions).reduce((sum, { invocations }) => sum + invocations, 0);
export const gbSecondsOf = ({ functions }: MeasuredKind): number =>
  Object.values(functions).reduce((sum, { ms, memoryMb }) => sum + (ms / 1000) * (memoryMb / 1024), 0);
/** What a function asks of S3 for one examination: all but the sender's own PUTs. */
export const storeRequestsOf = ({ requests, objects }: MeasuredKind): number =>
  requests.put - objects + requests.get + requests.deleted;
/** infra/ingest.ts: nearly all of them are asked by the function that takes in. */
const TAKES_IN_GB = 1.5;
/** So long how an object came out is kept (packages/core/src/ingest/let-go-of-outcomes.ts). */
const OUTCOME_MONTHS = 3;

/** S3's notification or a fact is one; each batch is received once and deleted once. */
const queueRequestsOf = (kind: MeasuredKind): number => kind.messages + 2 * invocationsOf(kind);

/** What the region's year takes on AWS as `infra/` builds it, line by line. Reading out of AWS is told apart: it is the same whoever keeps. */
export function billOf(inputs: Inputs): Line[] {
  const { plan, prices } = inputs;
  const year = (of: (kind: MeasuredKind) => number) => plan.examinations * mean(inputs, of);
  const line = (name: string, amount: number, unit: string, price: string): Line => ({
    ...{ name, amount, unit },
    usd: amount * priceOf(prices, price),
  });
  const gb = year(({ bytes }) => bytes) / GB;
  const keptGb = year(({ keptBytes }) => keptBytes) / GB;
  const outcomesGb = year(({ foldedBytes, keptBytes }) => foldedBytes - keptBytes) / GB;
  const reads = year(({ opening }) => opening.frames) * plan.openings.count;
  return [
    line("Originals, S3 Standard, the first month of each", gb, "GB-months", "s3GbMonth"),
    line(
      "Originals, Glacier Instant Retrieval after it",
      gb * (MEAN_MONTHS - 1),
      "GB-months",
      "s3ColdGbMonth",
    ),
    line(
      "S3 writes",
      year(({ requests }) => requests.put),
      "requests",
      "s3Put",
    ),
    line(
      "S3 reads while taking in",
      year(({ requests }) => requests.get),
      "requests",
      "s3Get",
    ),
    line("S3 reads by viewers", reads, "requests", "s3Get"),
    line("Function calls", year(invocationsOf), "requests", "lambdaRequest"),
    line("Function time", year(gbSecondsOf), "GB-seconds", "lambdaGbSecond"),
    line(
      "Function time, waiting for S3 (assumed)",
      year(storeRequestsOf) * (plan.storeWait.ms / 1000) * TAKES_IN_GB,
      "GB-seconds",
      "lambdaGbSecond",
    ),
    line("Queues", year(queueRequestsOf), "requests", "sqsRequest"),
    line("NAT gateways", NATS * HOURS, "hours", "natHour"),
    line("Aurora", plan.aurora.acu * HOURS, "ACU-hours", "auroraAcuHour"),
    line("RDS Proxy", plan.aurora.acu * HOURS, "ACU-hours", "proxyAcuHour"),
    line(
      "Aurora's storage, the first year",
      keptGb * MEAN_MONTHS + outcomesGb * OUTCOME_MONTHS,
      "GB-months",
      "auroraGbMonth",
    ),
  ];
}

export const sum = (lines: readonly Line[]): number => lines.reduce((all, { usd }) => all + usd, 0);

/** The same data at HealthImaging's list price: keeping and reading it, and nothing beside. Uncompressed, as it came. */
export function healthImagingOf(inputs: Inputs): Line[] {
  const { plan, prices } = inputs;
  const billed = plan.examinations * mean(inputs, ({ bytes }) => Math.max(bytes, LEAST_IMAGE_SET));
  const gb = billed / GB;
  const reads = plan.examinations * mean(inputs, ({ opening }) => opening.frames) * plan.openings.count;
  const line = (name: string, amount: number, unit: string, price: string): Line => ({
    ...{ name, amount, unit },
    usd: amount * priceOf(prices, price),
  });
  return [
    line("Frequent Access, the first month of each", gb, "GB-months", "healthImagingFrequentGbMonth"),
    line(
      "Archive Instant Access after it",
      gb * (MEAN_MONTHS - 1),
      "GB-months",
      "healthImagingArchiveGbMonth",
    ),
    line("Frames read", reads, "requests", "healthImagingRequest"),
  ];
}

/** Keeping all that came until the end of year n, in that year. */
export function keepingInYear(inputs: Inputs, years: number) {
  const { plan, prices } = inputs;
  const yearly = (plan.examinations * mean(inputs, ({ bytes }) => bytes)) / GB;
  const older = yearly * (years - 1) * MONTHS;
  const young = yearly * MEAN_MONTHS;
  const at = (name: string) => priceOf(prices, name);
  const afterAMonth = (hot: number, cold: number) => yearly * hot + (young - yearly + older) * cold;
  return {
    standard: (young + older) * at("s3GbMonth"),
    cold: afterAMonth(at("s3GbMonth"), at("s3ColdGbMonth")),
    healthImaging: afterAMonth(at("healthImagingFrequentGbMonth"), at("healthImagingArchiveGbMonth")),
  };
}

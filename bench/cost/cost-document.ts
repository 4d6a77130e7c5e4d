import {
  billOf,
  gbSecondsOf,
  healthImagingOf,
  type Inputs,
  invocationsOf,
  keepingInYear,
  kindOf,
  type Line,
  mean,
  priceOf,
  sum,
} from "./bill.ts";
import { cents, dollars, tableOf, tenth, whole } from "./words.ts";

const GB = 2 ** 30;
const MB = 1e6;

const linesOf = (lines: readonly Line[], examinations: number): string =>
  tableOf(
    ["", "Amount", "Unit", "A year", "An examination"],
    [
      ...lines.map(({ name, amount, unit, usd }) => [
        ...[name, whole(amount), unit, dollars(usd), cents(usd / examinations)],
      ]),
      ["**All**", "", "", `**${dollars(sum(lines))}**`, `**${cents(sum(lines) / examinations)}**`],
    ],
  );

function measuredTable({ plan, measured }: Inputs): string {
  return tableOf(
    [
      "One examination",
      "Share",
      "Objects",
      "MB",
      "S3 writes",
      "S3 reads",
      "Calls",
      "GB-s",
      "Messages",
      "Rows",
      "KB in the database",
      "Opening, ms",
    ],
    plan.kinds.map(({ name, share }) => {
      const kind = kindOf(measured, name);
      return [
        ...[name, `${(100 * share).toFixed(1)} %`, whole(kind.objects), tenth(kind.bytes / MB)],
        ...[whole(kind.requests.put), whole(kind.requests.get), tenth(invocationsOf(kind))],
        ...[gbSecondsOf(kind).toFixed(2), whole(kind.messages), whole(kind.rows)],
        ...[whole(kind.keptBytes / 1000), whole(kind.opening.ms)],
      ];
    }),
  );
}

function pricesTable({ prices }: Inputs): string {
  const places = [
    ...new Set(
      Object.values(prices).flatMap(({ sources }) =>
        sources.map(({ address, date }) => `${address} (${date})`),
      ),
    ),
  ];
  const rows = Object.entries(prices).map(([name, { usd, per, verified, found, sources }]) => [
    ...[`\`${name}\``, `$${Number(usd.toPrecision(6)) < 1e-6 ? usd.toFixed(8) : usd}`, per],
    ...[verified ? "yes" : "**no**", found],
    sources.map(({ address, date }) => places.indexOf(`${address} (${date})`) + 1).join(", "),
  ]);
  return [
    "| Price | USD | Per | Verified | What was found | Where |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows.map((row) => `| ${row.join(" | ")} |`),
    "",
    ...places.map((place, index) => `${index + 1}. ${place}`),
  ].join("\n");
}

function trustsTable(inputs: Inputs): string {
  const { plan } = inputs;
  const [bill, other] = [sum(billOf(inputs)), sum(healthImagingOf(inputs))];
  return tableOf(
    ["Trust", "Share", "Examinations", "Weald, all", "HealthImaging, keeping and reading alone"],
    plan.trusts.map(({ code, name, share }) => [
      ...[`${name} (${code})`, `${(100 * share).toFixed(0)} %`, whole(plan.examinations * share)],
      ...[dollars(bill * share), dollars(other * share)],
    ]),
  );
}

const yearsTable = (inputs: Inputs): string =>
  tableOf(
    [
      "Keeping, in year",
      "Standard for a month, then Glacier Instant Retrieval (as built)",
      "S3 Standard for ever",
      "HealthImaging",
    ],
    [1, 2, 3, 5, 10].map((year) => {
      const { standard, cold, healthImaging } = keepingInYear(inputs, year);
      return [String(year), dollars(cold), dollars(standard), dollars(healthImaging)];
    }),
  );

/** The first year in which Standard for ever costs more. */
function dearerFrom(inputs: Inputs): string {
  const years = Array.from({ length: 10 }, (_, index) => index + 1);
  const found = years.find((year) => {
    const { standard, healthImaging } = keepingInYear(inputs, year);
    return standard > healthImaging;
  });
  return found === undefined ? "later than 10" : String(found);
}

/** docs/cost.md, whole. */
export function costDocument(inputs: Inputs): string {
  const { plan, measured, prices } = inputs;
  const { machine } = measured;
  const bill = billOf(inputs);
  const keepsAndReads = bill.filter(
    ({ name }) => name.startsWith("Originals, ") || name === "S3 reads by viewers",
  );
  const read = (plan.examinations * plan.openings.count * mean(inputs, ({ bytes }) => bytes)) / GB;
  const unverified = Object.values(prices).filter(({ verified }) => !verified).length;
  return `<!-- Written by bench/cost/write.ts from measured.json, plan.json and prices.json: change those, then write it again. -->

# What the region's year costs

${whole(plan.examinations)} examinations on AWS London (eu-west-2), list prices in US dollars without tax, free tiers or discounts. Requests, calls, seconds, rows
and bytes are measured; prices carry their source; what is assumed says so. **${unverified} of ${Object.keys(prices).length} prices are not verified for London**, HealthImaging's among them.

## The bill of the first year

${linesOf(bill, plan.examinations)}

What came evenly over the year has lain for half of it. Reading out of AWS is not in it, as it is the same whoever keeps the images: each examination ${plan.openings.count} times whole is
${whole(read)} GB, ${dollars(read * priceOf(prices, "egressGb"))} over the internet. Not counted: the portal's and the DICOMweb door's functions while nobody opens a study, timers, CloudFront, logs, alarms, the gateway's
container, backups, Aurora's I/O (nothing here measures it), support; and packing, which isn't in this measurement. Images don't pass the NAT gateways:
\`infra/database.ts\` gives the VPC its own door to S3, for which AWS asks nothing.

## Beside AWS HealthImaging

The same data, uncompressed, for keeping and reading alone:

${linesOf(healthImagingOf(inputs), plan.examinations)}

The like of it in Weald's bill (originals and viewers' reads) is ${dollars(sum(keepsAndReads))}. HealthImaging may compress what it keeps and bills less then; it brings no lists, no
patients, no access between trusts and no portal, whose functions and database are in Weald's bill above. Beyond the first year keeping decides:

${yearsTable(inputs)}

**Kept in S3 Standard for ever, Weald's images would cost more than HealthImaging's from year ${dearerFrom(inputs)} on.** So \`infra/storage.ts\` moves what is a month old to a
class from which it comes as soon ([ADR 0028](adr/0028-colder-after-a-month.md)). Moving objects there (each once) and reading them from there cost, too: those prices were
not found for London and are not in the table. HealthImaging's column takes all openings to be in the first month.

## By trust

${trustsTable(inputs)}

${plan.trustShares.says}

## What was measured

${measuredTable(inputs)}

${measured.at.slice(0, 10)}, commit ${measured.commit}, ${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, Node ${machine.node.slice(1)}, load average ${machine.load} before it.
${measured.says} S3 requests are counted at the port and priced as the S3 adapter asks for each. *Opening* is the action that a portal's function runs.
Run again: \`npx pnpm@10.34.9 exec tsx bench/cost/measure.ts\`, then \`… bench/cost/write.ts\`.

## What is assumed

- The mix: ${plan.mix.says} <${plan.mix.source}>
- ${plan.sizes.says}
- ${plan.openings.says}
- ${plan.storeWait.says}
- ${plan.aurora.says}
- ${plan.trustShares.says}

## Prices

*Verified*: London's own price, the same in two public copies of AWS's price list. Neither AWS's list nor its pages could be read where this was written: check them before a budget
rests on this page.

${pricesTable(inputs)}
`;
}

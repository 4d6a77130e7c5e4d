import { type Judgement, judgePair, type MatchFacts } from "./judge-pair.ts";

/** Records that stand for one another already: merged numbers of a trust, or what a person has linked. */
export type LinkNode = {
  recordIds: readonly string[];
  facts: MatchFacts;
  /** A person's word: it stays with its patient. Others may join it. */
  isFixed: boolean;
};

export type Listed = { recordA: string; recordB: string; rule: string };
export type Clustered = {
  /** Each is one person. `differs`: the nodes at which "name differs" stands. */
  people: { nodes: LinkNode[]; differs: ReadonlySet<LinkNode> }[];
  review: Listed[];
};

type Judge = (a: LinkNode, b: LinkNode) => Judgement;

const pairsOf = <T>(all: readonly T[]): [T, T][] =>
  all.flatMap((a, index) => all.slice(index + 1).map((b): [T, T] => [a, b]));

/** Nodes that hang together by pairs that join. */
function connected(nodes: readonly LinkNode[], judge: Judge): LinkNode[][] {
  const groups: LinkNode[][] = [];
  for (const node of nodes) {
    const touched = groups.filter((group) => group.some((one) => judge(one, node).verdict === "join"));
    const rest = groups.filter((group) => !touched.includes(group));
    groups.splice(0, groups.length, ...rest, [...touched.flat(), node]);
  }
  return groups;
}

const listed = (a: LinkNode, b: LinkNode, rule: string): Listed[] => {
  const [recordA, recordB] = [a.recordIds[0], b.recordIds[0]];
  return recordA && recordB ? [{ recordA, recordB, rule }] : [];
};

/** All of them are one person only where each agrees with each; of those who don't, a person decides. */
function judgeGroup(group: LinkNode[], judge: Judge): Clustered {
  const pairs = pairsOf(group).map(([a, b]) => ({ a, b, judged: judge(a, b) }));
  const isWhole =
    pairs.every(({ judged }) => judged.verdict === "join") &&
    group.filter(({ isFixed }) => isFixed).length <= 1;
  if (isWhole) {
    const differing = pairs.filter(({ judged }) => judged.verdict === "join" && judged.nameDiffers);
    return {
      people: [{ nodes: group, differs: new Set(differing.flatMap(({ a, b }) => [a, b])) }],
      review: [],
    };
  }
  const review = pairs.flatMap(({ a, b, judged }) =>
    judged.verdict === "join" ? listed(a, b, "agrees-with-several-patients") : [],
  );
  return { people: group.map((node) => ({ nodes: [node], differs: new Set() })), review };
}

/**
 * Who is who among records of one NHS number (clinical page §3): a function of what they say, so that the order in which
 * they came makes no difference.
 */
export function cluster(
  nodes: readonly LinkNode[],
  isNeverLinked: (recordA: string, recordB: string) => boolean,
): Clustered {
  const judge: Judge = (a, b) => {
    const never = a.recordIds.some((one) => b.recordIds.some((other) => isNeverLinked(one, other)));
    return judgePair(a.facts, b.facts, never);
  };
  const groups = connected(nodes, judge).map((group) => judgeGroup(group, judge));
  const doubtful = pairsOf(nodes).flatMap(([a, b]) => {
    const judged = judge(a, b);
    return judged.verdict === "review" ? listed(a, b, judged.rule) : [];
  });
  return {
    people: groups.flatMap(({ people }) => people),
    review: [...groups.flatMap(({ review }) => review), ...doubtful],
  };
}

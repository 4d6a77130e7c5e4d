import type { Region } from "./anatomy.ts";
import { BODY_PARTS, CODE_MAPS, type CodeMap, type Procedure, READ_FIRST, WORDS } from "./code-maps.ts";

/** What is known of what a study shows. */
export type Described = {
  custodian: string;
  /** Of the request that it answers. */
  procedureCode: string | undefined;
  bodyParts: readonly string[];
  /** Descriptions of study, procedure and series. */
  words: readonly string[];
};

export type Anatomy = { regions: Region[]; side: "L" | "R" | "B" | undefined };

const plain = (text: string): string =>
  READ_FIRST.reduce(
    (said, [reading, instead]) => said.replace(reading, instead),
    text
      .toUpperCase()
      .replace(/[^A-Z0-9]+/g, " ")
      .trim(),
  );

function procedureOf(
  { custodian, procedureCode }: Described,
  maps: Readonly<Record<string, readonly CodeMap[]>>,
): Procedure | undefined {
  const code = procedureCode?.trim().toUpperCase();
  return code ? (maps[custodian] ?? []).map((map) => map[code]).find((known) => known) : undefined;
}

const byBodyPart = (bodyParts: readonly string[]): Region[] =>
  bodyParts.flatMap((part) => BODY_PARTS[part.toUpperCase().replace(/[^A-Z]/g, "")] ?? []);

const inWords = (words: readonly string[]): Region[] => {
  const said = words.map(plain).join(" . ");
  return WORDS.flatMap(([word, regions]) => (word.test(said) ? regions : []));
};

/**
 * What a study shows: what its procedure's code says (mapped per trust), else what images and descriptions say together.
 * Devices write a body part that they were left at, so words count beside it. The side only from a code: words establish none.
 */
export function anatomyOf(described: Described, maps = CODE_MAPS): Anatomy {
  const procedure = procedureOf(described, maps);
  if (procedure) return { regions: [...procedure.regions], side: procedure.side };
  const regions = new Set([...byBodyPart(described.bodyParts), ...inWords(described.words)]);
  return { regions: [...regions], side: undefined };
}

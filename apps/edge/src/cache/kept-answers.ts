import { type DicomJson, text } from "@weald/dicom";
import { type Caller, DimseRefused, STATUS } from "../dimse/service.ts";
import { RegionRefused } from "../forward/region-client.ts";
import type { Spool } from "../ledger/index.ts";
import type { Dicomweb } from "../query/dicomweb.ts";
import { answerOf, LEVEL, levelOf, SERIES_UID, SOP_UID, STUDY_UID } from "../query/identifier.ts";
import { matchesKeys } from "../worklist/match.ts";
import type { CacheDisk, KeptIndex } from "./cache-disk.ts";
import { type KeptList, type KeptLists, NOT_SHOWN } from "./kept-lists.ts";
import { noteLook } from "./looks.ts";
import { keyOf, type NeededStudy } from "./needed.ts";

export type KeptAnswersOptions = { lists: KeptLists; disk: CacheDisk; spool: Spool };

/** Kept for somebody: who they are in the region. */
type Shown = { clientId: string; caller: Caller };

const AVAILABILITY = "00080056";
const SYNTAXES = "00083002";
const STUDY_DESCRIPTION = "00081030";
const SERIES_DESCRIPTION = "0008103E";
/** LO. */
const MOST_CHARACTERS = 64;
/** About the query itself, or said by us: nothing to match. */
const NO_KEYS = new Set([LEVEL, "00080005", "00080053", "00080054", "00080201", AVAILABILITY]);
const PATH = /^\/studies\/([0-9.]+)(?:\/series\/([0-9.]+))?\/instances(?:\/([0-9.]+))?$/;

const clock = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  hour: "2-digit",
  minute: "2-digit",
});
/** As the clock on the wall has it. */
export const timeOf = (asOf: string): string => clock.format(new Date(asOf));

const refused = (comment: string) =>
  new DimseRefused(STATUS.unableToProcess, `Region away: ${comment}.`.slice(0, MOST_CHARACTERS));

/** A key that isn't known of an item doesn't fit it: what is shown must be what was asked for. */
function fits(identifier: DicomJson, item: DicomJson): boolean {
  const keys = Object.entries(identifier).filter(([tag]) => !NO_KEYS.has(tag) && !tag.endsWith("0000"));
  const known = Object.fromEntries(keys.map(([tag, { vr }]) => [tag, item[tag] ?? { vr }]));
  return matchesKeys(Object.fromEntries(keys), known);
}

/** Where a person reads it, whatever their workstation shows beside it. */
function marked(item: DicomJson, asOf: string): DicomJson {
  const tags = [STUDY_DESCRIPTION, SERIES_DESCRIPTION];
  const said = tags.map((tag): [string, DicomJson[string]] => {
    const words = `(as of ${timeOf(asOf)}) ${text(item, tag) ?? ""}`.trim();
    return [tag, { vr: "LO", Value: [words.slice(0, MOST_CHARACTERS)] }];
  });
  return { ...item, ...Object.fromEntries(said) };
}

export type KeptAnswers = ReturnType<typeof keptAnswers>;

/** What a registered system is answered while the region is away: what it was granted of today's lists, each look noted first. */
export function keptAnswers({ lists, disk, spool }: KeptAnswersOptions) {
  function listOf(clientId: string): KeptList {
    const list = lists.shownTo(clientId);
    if (typeof list === "string") throw refused(NOT_SHOWN[list]);
    return list;
  }

  /** Of equal UIDs one copy, as online: one that is here, else the fullest. */
  function studiesOf({ studies }: KeptList): NeededStudy[] {
    const chosen = new Map<string, NeededStudy>();
    const worth = (study: NeededStudy) => (disk.isReady(keyOf(study)) ? 1e9 : 0) + study.instances;
    for (const study of studies) {
      const known = chosen.get(study.studyInstanceUid);
      if (!known || worth(known) < worth(study)) chosen.set(study.studyInstanceUid, study);
    }
    return [...chosen.values()];
  }

  /** @throws {DimseRefused} what isn't here whole isn't shown in part */
  function studyIn(list: KeptList, studyInstanceUid: string): NeededStudy {
    const study = studiesOf(list).find((one) => one.studyInstanceUid === studyInstanceUid);
    if (!study || !disk.isReady(keyOf(study)))
      throw refused(`this study isn't kept here, as of ${timeOf(list.asOf)}`);
    return study;
  }

  function studyItems(list: KeptList): DicomJson[] {
    return studiesOf(list).flatMap((study) => {
      const head = disk.head(keyOf(study));
      const available = disk.isReady(keyOf(study)) ? "ONLINE" : "UNAVAILABLE";
      return head ? [{ ...head, [AVAILABILITY]: { vr: "CS", Value: [available] } }] : [];
    });
  }

  async function itemsFor(list: KeptList, identifier: DicomJson): Promise<DicomJson[]> {
    const level = levelOf(identifier);
    if (level === "STUDY") return studyItems(list);
    const study = studyIn(list, text(identifier, STUDY_UID) ?? "");
    const { series, instances } = await disk.index(keyOf(study));
    const head = disk.head(keyOf(study)) ?? {};
    return (level === "SERIES" ? series : instances).map((one) => ({ ...head, ...one }));
  }

  /** C-FIND. Nothing found is no answer here: what isn't kept may well be in the region. */
  async function* find(
    { clientId, caller }: Shown,
    { identifier, say }: { identifier: DicomJson; say: (comment: string) => void },
  ): AsyncGenerator<DicomJson> {
    const list = listOf(clientId);
    const { asOf } = list;
    const found = (await itemsFor(list, identifier)).filter((item) => fits(identifier, item));
    const by = caller.entity.title;
    await noteLook(spool, clientId, { verb: "listed", asOf, by, count: found.length, studies: [] });
    if (found.length === 0) throw refused(`nothing kept here fits, as of ${timeOf(asOf)}`);
    say(`Region away: today's lists as of ${timeOf(asOf)}, not all there is.`);
    for (const item of found) yield answerOf(identifier, marked(item, asOf), caller.calledTitle);
  }

  /** For C-MOVE: what is kept, as the region's own door would give it. */
  function webFor({ clientId, caller }: Shown, to: string): Dicomweb & { asOf(): string } {
    let open: { key: string; index: KeptIndex } | undefined;
    let asOf = "";

    async function indexOf(study: NeededStudy): Promise<KeptIndex> {
      const key = keyOf(study);
      if (open?.key !== key) open = { key, index: await disk.index(key) };
      return open.index;
    }

    const isOne = (instance: DicomJson, tag: string, uids: readonly string[]) =>
      uids.includes(text(instance, tag) ?? "");

    return {
      asOf: () => asOf,
      async *search({ path, matches }) {
        const [, uid = "", series] = PATH.exec(path) ?? [];
        const list = listOf(clientId);
        const study = studyIn(list, uid);
        const sops = matches.find(([tag]) => tag === SOP_UID)?.[1].split(",");
        const { instances } = await indexOf(study);
        const found = instances.filter(
          (one) => (!series || isOne(one, SERIES_UID, [series])) && (!sops || isOne(one, SOP_UID, sops)),
        );
        asOf = list.asOf;
        const { studyId, patientId } = study;
        await noteLook(spool, clientId, {
          verb: "taken-out",
          asOf,
          by: caller.entity.title,
          to,
          count: found.length,
          studies: [{ studyId, patientId }],
        });
        yield* found;
      },
      async retrieve(path, transferSyntaxUid) {
        const [, uid = "", , sop = ""] = PATH.exec(path) ?? [];
        // Asked again for each object: a list that came meanwhile takes the rest back.
        const study = studyIn(listOf(clientId), uid);
        const { instances } = await indexOf(study);
        const place = instances.findIndex((one) => isOne(one, SOP_UID, [sop]));
        if (place < 0) throw new RegionRefused(404, "NOT_KEPT", "The object isn't kept here.");
        const stored = instances[place]?.[SYNTAXES]?.Value ?? [];
        if (transferSyntaxUid !== "*" && !stored.includes(transferSyntaxUid))
          throw new RegionRefused(406, "NOT_TRANSCODED", "It is kept as it is stored.");
        return disk.read(keyOf(study), place);
      },
    };
  }

  return { find, webFor };
}

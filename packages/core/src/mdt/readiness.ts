import type { AspectName, CaseSide, Fixed, OutsideState, PathologyState } from "./case.ts";
import { amber, type Colour, green, grey, type Judged, red } from "./judged.ts";
import type { ListKind, TemplateLine } from "./meeting.ts";
import { judgeOperation } from "./operation.ts";

/** A study that counts for a case, as far as its readiness asks. */
export type StudyFacts = {
  studyId: string;
  /** "CT Chest, 12 November 2026" */
  name: string;
  /** Who made it: their name. */
  trust: string;
  studyDate: string | undefined;
  modalities: readonly string[];
  regions: readonly string[];
  completeness: { state: "arriving" | "quiet" | "complete" | "short"; text: string };
  /** Sides that the images' coded attributes name. */
  sides: readonly ("L" | "R")[];
  sideWarning: string | undefined;
  /** Why it isn't sure that these are the patient's images; nothing where it is. */
  identityWarning: string | undefined;
  reportState:
    | "none-received"
    | "not-reported"
    | "preliminary"
    | "final"
    | "amended"
    | "addendum"
    | "cancelled";
  servedVersion: number;
  report: { reportId: string; version: number } | undefined;
};

export type ExpectedFacts = {
  procedure: string;
  trust: string;
  modality: string | undefined;
  state: "requested" | "booked" | "arrived";
  requestedAt: string | undefined;
  scheduledAt: string | undefined;
};

export type RequirementFacts = Pick<
  TemplateLine,
  "kind" | "label" | "modalities" | "regions" | "maxAgeDays"
> & {
  id: string;
  metByStudyId: string | undefined;
  metByWords: string | undefined;
  metOn: string | undefined;
  metAt: string | undefined;
  waivedReason: string | undefined;
};

export type AskFacts = {
  id: string;
  about: AspectName | "other";
  requirementId: string | undefined;
  askedOf: string;
  askedAt: string;
  said: string | undefined;
};

export type ReadinessFacts = {
  /** What kind of list it is on: each asks for its own aspects. */
  kind: ListKind;
  /** The day of the meeting. */
  heldOn: string;
  /** Of a theatre list: what is to be done, and on which side. */
  operation: { procedure: string; side: CaseSide | undefined };
  current: readonly StudyFacts[];
  /** Ranked: those that help in reading the current ones. */
  priors: readonly StudyFacts[];
  expected: readonly ExpectedFacts[];
  pins: readonly { studyId: string; isThere: boolean }[];
  question: string;
  referrer: string;
  presenter: string | undefined;
  radiologist: string | undefined;
  pathology: { state: PathologyState; words: string; source: string; notedAt: string } | undefined;
  requirements: readonly RequirementFacts[];
  /** Those that still stand. */
  asks: readonly AskFacts[];
  outside: readonly {
    heldBy: string;
    what: string;
    askedOf: string;
    askedOn: string;
    state: OutsideState;
    said: string;
  }[];
  prepared: { by: string; fixed: Fixed } | undefined;
};

export type Aspect = {
  about: AspectName;
  requirementId: string | undefined;
  label: string;
  colour: Colour;
  /** What is there, or what is missing. */
  says: string;
  /** From whom it is missing, and since when, where that is known. */
  from: string | undefined;
  since: string | undefined;
};
export type Readiness = { colour: Colour; aspects: Aspect[] };

const WORST: readonly Colour[] = ["red", "amber", "grey", "green"];
const worstOf = (colours: readonly Colour[]): Colour =>
  WORST.find((colour) => colours.includes(colour)) ?? "grey";

/** The one of several that is furthest from ready; of equals what each says. */
function worstJudged(all: readonly Judged[]): Judged {
  const colour = worstOf(all.map((one) => one.colour));
  const same = all.filter((one) => one.colour === colour);
  const [first] = same;
  return { colour, says: same.map(({ says }) => says).join("; "), from: first?.from, since: first?.since };
}

/** Images are there: complete by a source, the side agrees, the patient is verified. Whatever of it isn't known is no green. */
function judgeImages(study: StudyFacts): Judged {
  const { name, trust, completeness, sideWarning, identityWarning } = study;
  const says = `${name}: ${completeness.text}`;
  if (identityWarning) return red(`${name}: ${identityWarning}`, trust);
  if (sideWarning) return red(`${name}: ${sideWarning}`, trust);
  if (completeness.state === "arriving") return amber(says, trust);
  if (completeness.state === "short") return red(says, trust);
  return completeness.state === "complete" ? green(says) : grey(says);
}

const WAITS = { requested: "asked for", booked: "booked", arrived: "being done" } as const;

function judgeExpected({ procedure, trust, state, requestedAt, scheduledAt }: ExpectedFacts): Judged {
  const when = state === "booked" && scheduledAt ? ` for ${scheduledAt.slice(0, 10)}` : "";
  return amber(`${procedure}: ${WAITS[state]}${when}`, trust, requestedAt);
}

const isAwaited = ({ state }: { state: OutsideState }) => state === "asked" || state === "promised";

function judgeOutside(line: ReadinessFacts["outside"][number]): Judged {
  const { what, heldBy, askedOf, askedOn, state, said } = line;
  if (!isAwaited(line))
    return grey(`${what} at ${heldBy}: ${state === "arrived" ? "sent, not here yet" : "not available"}`);
  return amber(`${what} at ${heldBy}, asked of ${askedOf}${said ? `: “${said}”` : ""}`, askedOf, askedOn);
}

function imagesOf({ current, expected, outside }: ReadinessFacts): Judged {
  const awaited = outside.filter(isAwaited).map(judgeOutside);
  if (current.length > 0) return worstJudged([...current.map(judgeImages), ...awaited]);
  const coming = [...expected.map(judgeExpected), ...awaited];
  return coming.length > 0 ? worstJudged(coming) : red("No current images, and none are booked");
}

const FINAL: readonly string[] = ["final", "amended", "addendum"];

const changedSince = (study: StudyFacts, prepared: NonNullable<ReadinessFacts["prepared"]>): boolean => {
  const was = prepared.fixed.reports.find(({ studyId }) => studyId === study.studyId);
  return (
    study.report !== undefined &&
    (was?.reportId !== study.report.reportId || was.version !== study.report.version)
  );
};

/** A report is final, and unchanged since the case was prepared. */
function judgeReport(study: StudyFacts, prepared: ReadinessFacts["prepared"]): Judged {
  const { name, trust, reportState, studyDate } = study;
  if (FINAL.includes(reportState)) {
    // Final by its state, but not to be read from here: nobody has seen which version.
    if (!study.report) return grey(`${name}: reported, and not shared with you`);
    return prepared && changedSince(study, prepared)
      ? amber(`${name}: report changed since ${prepared.by} prepared it`, prepared.by)
      : green(`${name}: ${reportState}`);
  }
  if (reportState === "preliminary") return amber(`${name}: preliminary`, trust, studyDate);
  if (reportState === "none-received") return grey(`${name}: no report received`);
  return red(
    `${name}: ${reportState === "cancelled" ? "report cancelled" : "not reported"}`,
    trust,
    studyDate,
  );
}

const reportOf = ({ current, prepared }: ReadinessFacts): Judged =>
  current.length === 0
    ? grey("No images to report")
    : worstJudged(current.map((study) => judgeReport(study, prepared)));

function priorsOf({ current, priors, outside }: ReadinessFacts): Judged {
  if (current.length === 0) return grey("No current images to match with");
  const awaited = outside.filter(isAwaited).map(judgeOutside);
  if (awaited.length > 0) return worstJudged(awaited);
  if (priors.length === 0) return green("No earlier images of it in the region");
  const trusts = new Set(priors.map(({ trust }) => trust)).size;
  return green(`${priors.length} matched, of ${trusts === 1 ? "one trust" : `${trusts} trusts`}`);
}

function keyImagesOf({ pins, radiologist, prepared }: ReadinessFacts): Judged {
  const gone = pins.filter(({ isThere }) => !isThere).length;
  if (gone > 0) return red(`${gone} pinned can't be shown: corrected, rejected or moved`, radiologist);
  if (pins.length > 0) return green(pins.length === 1 ? "One pinned" : `${pins.length} pinned`);
  if (prepared) return green(`Prepared by ${prepared.by}, none pinned`);
  return radiologist
    ? amber("None pinned yet", radiologist)
    : red("None pinned, and nobody is to prepare it");
}

/** Theatre may do without: nobody's part unless somebody is named for it. */
function preparedViewsOf(facts: ReadinessFacts): Judged {
  const isAsked = facts.pins.length > 0 || facts.radiologist !== undefined || facts.prepared !== undefined;
  return isAsked ? keyImagesOf(facts) : grey("None prepared");
}

const questionOf = ({ question, referrer }: ReadinessFacts): Judged =>
  question.trim() === "" ? red("Not written", referrer || undefined) : green("Written");

function pathologyOf({ pathology }: ReadinessFacts): Judged {
  if (!pathology) return grey("Nothing noted");
  const { state, words, source, notedAt } = pathology;
  if (state === "not-needed") return green(`Not needed: ${words}`);
  if (state === "awaited") return amber(words || "Awaited", source, notedAt);
  return green(`${words} (${source})`);
}

const presenterOf = ({ presenter, referrer }: ReadinessFacts): Judged =>
  presenter ? green(presenter) : red("Nobody named", referrer || undefined);

const overlaps = (wanted: readonly string[], there: readonly string[]) =>
  wanted.length === 0 || wanted.some((one) => there.includes(one));

const matches = (line: RequirementFacts, study: StudyFacts): boolean =>
  overlaps(line.modalities, study.modalities) && overlaps(line.regions, study.regions);

const daysBetween = (from: string, to: string) =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

/** One study against a line: of age, and then as ready as its images are. */
function judgeMeeting(line: RequirementFacts, study: StudyFacts, heldOn: string): Judged {
  const { maxAgeDays } = line;
  if (!maxAgeDays) return judgeImages(study);
  if (!study.studyDate) return grey(`${study.name}: its date is not known`);
  const age = daysBetween(study.studyDate, heldOn);
  if (age > maxAgeDays)
    return red(`${study.name}: ${age} days old at the meeting, ${maxAgeDays} allowed`, study.trust);
  return judgeImages(study);
}

function judgeNamed(line: RequirementFacts, all: readonly StudyFacts[], heldOn: string): Judged | undefined {
  if (line.metByStudyId) {
    const study = all.find(({ studyId }) => studyId === line.metByStudyId);
    return study
      ? judgeMeeting(line, study, heldOn)
      : red("The study named for it is not this patient's any more");
  }
  if (!line.metByWords) return undefined;
  const where = [line.metAt, line.metOn].filter(Boolean).join(", ");
  return green(`${line.metByWords}${where ? ` (${where})` : ""}`);
}

const newestFirst = (a: StudyFacts, b: StudyFacts) => (b.studyDate ?? "").localeCompare(a.studyDate ?? "");

/** The newest that is dated; where that is none or doesn't do, one without a date may be it, and nobody knows. */
function judgeFound(line: RequirementFacts, { current, priors, heldOn }: ReadinessFacts): Judged | undefined {
  const all = [...current, ...priors].filter((study) => matches(line, study));
  const [newest] = all.filter(({ studyDate }) => studyDate).toSorted(newestFirst);
  const undated = all.find(({ studyDate }) => !studyDate);
  const found = newest && judgeMeeting(line, newest, heldOn);
  if (found && found.colour !== "red") return found;
  return undated ? judgeMeeting(line, undated, heldOn) : found;
}

function judgeImaging(line: RequirementFacts, facts: ReadinessFacts): Judged {
  const found = judgeFound(line, facts);
  if (found && found.colour !== "red") return found;
  const coming = facts.expected.filter(
    ({ modality }) =>
      line.modalities.length === 0 || (modality !== undefined && line.modalities.includes(modality)),
  );
  if (coming.length > 0) return worstJudged(coming.map(judgeExpected));
  return found ?? red("None found, and none is booked");
}

function judgeRequirement(line: RequirementFacts, facts: ReadinessFacts): Judged {
  if (line.waivedReason) return green(`Waived: ${line.waivedReason}`);
  const named = judgeNamed(line, [...facts.current, ...facts.priors], facts.heldOn);
  if (named) return named;
  if (line.kind === "imaging") return judgeImaging(line, facts);
  return line.kind === "pathology" ? pathologyOf(facts) : grey("Nothing noted");
}

const dayOf = (at: string) => at.slice(0, 10);

/** Asked for: somebody is on it, and the line says who, since when and what they said. What is there already stays as it is. */
function withAsks(judged: Judged, asks: readonly AskFacts[]): Judged {
  const [ask] = asks.toSorted((a, b) => b.askedAt.localeCompare(a.askedAt));
  if (!ask || judged.colour === "green") return judged;
  const said = ask.said ? `, who said “${ask.said}”` : "";
  const says = `${judged.says}. Asked of ${ask.askedOf} on ${dayOf(ask.askedAt)}${said}`;
  return { colour: "amber", says, from: ask.askedOf, since: ask.askedAt };
}

type Judge = readonly [
  about: Exclude<AspectName, "requirement">,
  label: string,
  judge: (facts: ReadinessFacts) => Judged,
];

/** What each kind of list asks of a case, beside the lines of its own (clinical page §16). */
const JUDGES: Record<ListKind, readonly Judge[]> = {
  meeting: [
    ["images", "Images", imagesOf],
    ["report", "Report", reportOf],
    ["priors", "Priors", priorsOf],
    ["key-images", "Key images", keyImagesOf],
    ["question", "Question", questionOf],
    ["pathology", "Pathology", pathologyOf],
    ["presenter", "Presenter", presenterOf],
  ],
  theatre: [
    ["operation", "Operation and side", judgeOperation],
    ["images", "Images", imagesOf],
    ["report", "Report", reportOf],
    ["key-images", "Prepared views", preparedViewsOf],
  ],
  clinic: [
    ["images", "Last imaging", imagesOf],
    ["report", "Its report", reportOf],
  ],
};

/**
 * How ready a case is: each aspect green, amber, red or grey with what is missing, from whom and since when. The case is as
 * ready as the least of them. Pure: what isn't known comes in as absent, and what is absent is never green.
 */
export function judgeReadiness(facts: ReadinessFacts): Readiness {
  const aspect = (about: AspectName, label: string, judged: Judged, requirementId?: string): Aspect => {
    const { colour, says, from, since } = withAsks(
      judged,
      facts.asks.filter((ask) => ask.about === about && ask.requirementId === requirementId),
    );
    return { about, requirementId, label, colour, says, from, since };
  };
  const aspects = [
    ...JUDGES[facts.kind].map(([about, label, judge]) => aspect(about, label, judge(facts))),
    ...facts.requirements.map((line) =>
      aspect("requirement", line.label, judgeRequirement(line, facts), line.id),
    ),
  ];
  return { colour: worstOf(aspects.map(({ colour }) => colour)), aspects };
}

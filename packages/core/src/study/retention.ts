/** What decides how long a study is kept. Dates are YYYY-MM-DD. */
export type RetentionFacts = {
  /** When it was made; where nobody said, when it came. */
  studyDate: string;
  birthDate: string | undefined;
  kinds: readonly RetentionKind[];
  isHeld: boolean;
};
export type RetentionKind = "cancer" | "screening" | "obstetric";

export type RetentionReason =
  | "adult-8-years"
  | "child-25th-birthday"
  | "child-26th-birthday"
  | "birth-date-unknown-25-years"
  | "cancer-30-years"
  | "screening-10-years"
  | "obstetric-25-years";

/** `until`: the first day on which it would be due. Held: never, until the hold is ended. */
export type Retention = { until: string; reason: RetentionReason; isHeld: boolean };

/** 29 February goes to 1 March where there is none: a day longer, never shorter. */
function addYears(date: string, years: number): string {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  return new Date(Date.UTC(year + years, month - 1, day)).toISOString().slice(0, 10);
}

const OF_KIND: Record<RetentionKind, { years: number; reason: RetentionReason }> = {
  cancer: { years: 30, reason: "cancer-30-years" },
  screening: { years: 10, reason: "screening-10-years" },
  obstetric: { years: 25, reason: "obstetric-25-years" },
};

type Term = { until: string; reason: RetentionReason };

function ofAge({ studyDate, birthDate }: RetentionFacts): Term {
  // Nobody knows whether it is a child's: as if born on that day.
  if (!birthDate || birthDate > studyDate)
    return { until: addYears(studyDate, 25), reason: "birth-date-unknown-25-years" };
  if (studyDate >= addYears(birthDate, 18)) return { until: addYears(studyDate, 8), reason: "adult-8-years" };
  return studyDate >= addYears(birthDate, 17)
    ? { until: addYears(birthDate, 26), reason: "child-26th-birthday" }
    : { until: addYears(birthDate, 25), reason: "child-25th-birthday" };
}

/**
 * How long a study is kept: the longest of what applies. Nothing is deleted by it; it says what would be due.
 *
 * @see NHS England, Records Management Code of Practice, Appendix II (adult 8 years; child to the 25th birthday, 26th if 17 at
 *   the end of treatment; cancer 30 years; screening 10 years; obstetrics and maternity 25 years)
 */
export function retentionOf(facts: RetentionFacts): Retention {
  const terms = [
    ofAge(facts),
    ...facts.kinds.map((kind): Term => {
      const { years, reason } = OF_KIND[kind];
      return { until: addYears(facts.studyDate, years), reason };
    }),
  ];
  const longest = terms.reduce((a, b) => (b.until > a.until ? b : a));
  return { ...longest, isHeld: facts.isHeld };
}

const SAID: Record<RetentionKind, RegExp> = {
  cancer:
    /cancer|carcinom|oncolog|tumou?r|malignan|metasta|lymphom|leuk(a)?emi|myelom|sarcom|staging|chemotherap|radiotherap|brachytherap/i,
  screening: /screening|\bscreen\b/i,
  obstetric: /obstetric|ante-?natal|pregnan|f(o)?etal|f(o)?etus|nuchal|anomaly scan|dating scan|maternity/i,
};
const CANCER_MODALITIES = /^(RT.*|PT)$/;

/** What a study is by its own words, its request's, and its modalities. A word can only lengthen, never shorten. */
export function kindsSaid(said: {
  texts: readonly string[];
  modalities: readonly string[];
}): RetentionKind[] {
  const kinds: RetentionKind[] = ["cancer", "screening", "obstetric"];
  const isTreated = said.modalities.some((modality) => CANCER_MODALITIES.test(modality));
  return kinds.filter(
    (kind) => (kind === "cancer" && isTreated) || said.texts.some((text) => SAID[kind].test(text)),
  );
}

/** At which ages a young person's proxies are looked at again: the trust's, and sixteen (clinical page §13). */
export const ADULT = 16;
const TOLD_DAYS = 30;
const DAY = 86_400_000;

export type ProxyFacts = {
  /** YYYY-MM-DD; `undefined`: nobody knows it. */
  birthDate: string | undefined;
  reviewAge: number;
  reviewedFor: number | undefined;
  suspendedFor: number | undefined;
  toldFor: number | undefined;
};
export type ProxyJudged = { do: "nothing" } | { do: "tell"; age: number } | { do: "suspend"; age: number };

/** The day on which somebody comes to be so old. 29 February is kept on 1 March, as the law counts. */
export function turns(birthDate: string, age: number): Date {
  const [year = 0, month = 1, day = 1] = birthDate.split("-").map(Number);
  return new Date(Date.UTC(year + age, month - 1, day));
}

/** The oldest of these ages that they have come to. */
export function agePassed(birthDate: string | undefined, reviewAge: number, now: Date): number | undefined {
  if (!birthDate) return undefined;
  return [ADULT, reviewAge].find((age) => turns(birthDate, age) <= now);
}

/** What is due of a proxy's access now. An age that was reviewed, or suspended for, isn't looked at again. */
export function judgeProxy(facts: ProxyFacts, now: Date): ProxyJudged {
  const { birthDate, reviewAge, reviewedFor = 0, suspendedFor = 0, toldFor = 0 } = facts;
  if (!birthDate) return { do: "nothing" };
  const passed = agePassed(birthDate, reviewAge, now);
  if (passed !== undefined && passed > Math.max(reviewedFor, suspendedFor))
    return { do: "suspend", age: passed };
  const coming = [reviewAge, ADULT].find((age) => turns(birthDate, age) > now);
  if (coming === undefined || coming <= Math.max(reviewedFor, toldFor)) return { do: "nothing" };
  const isSoon = turns(birthDate, coming).getTime() - now.getTime() <= TOLD_DAYS * DAY;
  return isSoon ? { do: "tell", age: coming } : { do: "nothing" };
}

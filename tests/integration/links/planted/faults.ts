/** A mistake in what guards a patient's link: in this file this text becomes that. `seenBy`: the test that must go red for it. */
export type Fault = {
  name: string;
  plants: readonly { file: string; from: string; to: string }[];
  seenBy: { file: string; test: string };
  /** Planted in `npm run soak` alone: its guard has a region of its own to build. */
  isSoakOnly?: boolean;
};

const CONSENT = "packages/core/src/consent";
const STUDY = "packages/core/src/study";
const LINKS = "tests/integration/links";

const release = {
  file: `${CONSENT}/release.test.ts`,
  test: "it is open only where a rule says so, nothing flags it untold, and nothing of it is excluded or missing",
};
const scope = {
  file: `${LINKS}/scope.test.ts`,
  test: "nothing outside it is in any answer, nor in any byte behind any address, and all of it is",
};
const attack = (test: string) => ({ file: `${LINKS}/attacks.test.ts`, test });
const minute = (test: string) => ({ file: `${LINKS}/minute.test.ts`, test });

const ALL: readonly Fault[] = [
  {
    name: "a release rule that ignores a hold by hand",
    plants: [
      {
        file: `${CONSENT}/release.ts`,
        from: `...(isHeldByHand ? (["held-by-hand"] as const) : []),`,
        to: "",
      },
    ],
    seenBy: release,
  },
  {
    name: "a flag that any word to the patient lifts, also one from before it came",
    plants: [{ file: `${CONSENT}/release.ts`, from: " || toldAt < flaggedAt", to: "" }],
    seenBy: release,
  },
  {
    name: "days of a rule that count the wrong way",
    plants: [{ file: `${CONSENT}/release.ts`, from: "return at > now ?", to: "return at < now ?" }],
    seenBy: release,
  },
  {
    name: "marks that exclude a study, not looked at",
    plants: [{ file: `${CONSENT}/release.ts`, from: "if (never.length > 0)", to: "if (never.length > 3)" }],
    seenBy: release,
  },
  {
    name: "a scope that forgets which series",
    plants: [
      {
        file: `${STUDY}/linked-images.ts`,
        from: "(seriesIds === undefined || seriesIds.has(seriesId)) && (only",
        to: "(only",
      },
    ],
    seenBy: scope,
  },
  {
    name: "a scope that forgets which images",
    isSoakOnly: true,
    plants: [
      {
        file: `${STUDY}/linked-images.ts`,
        from: " && (only === undefined || only.has(id))",
        to: "",
      },
    ],
    seenBy: scope,
  },
  {
    name: "a scope that forgets which frames",
    isSoakOnly: true,
    plants: [{ file: `${STUDY}/linked-images.ts`, from: "scope.only?.get(row.id) ?? []", to: "[]" }],
    seenBy: scope,
  },
  {
    name: "an end that nobody looks at",
    plants: [{ file: `${CONSENT}/link.ts`, from: `if (endedAt) return "ended";`, to: "void endedAt;" }],
    seenBy: minute(
      "ended in mid-scroll: no request begun more than a minute later is answered by the object store",
    ),
  },
  {
    // Turned round by its sign alone no link would open at all, which every test sees.
    name: "an expiry that comes an hour late, as where a zone is added with the wrong sign",
    isSoakOnly: true,
    plants: [
      {
        file: `${CONSENT}/link.ts`,
        from: "endsAt <= now",
        to: "endsAt.getTime() + 3_600_000 <= now.getTime()",
      },
    ],
    seenBy: minute(
      "its time is over: nothing more in the session that looks, kindly said after a code, and one button asks for a new link",
    ),
  },
  {
    // Where one of the two stands a code is still used once: whoever spends it looks again.
    name: "a code that may be replayed",
    isSoakOnly: true,
    plants: [
      {
        file: `${CONSENT}/code.store.ts`,
        from: "where: { tokenHash, usedAt: null, endsAt",
        to: "where: { tokenHash, endsAt",
      },
      { file: `${CONSENT}/code.store.ts`, from: "where: { id, usedAt: null }", to: "where: { id }" },
    ],
    seenBy: attack("a code is used once, ends after ten minutes, and opens no other link"),
  },
  {
    name: "tries that aren't counted",
    plants: [{ file: `${CONSENT}/prove.ts`, from: `await noteTry(tx, one, "code-wrong");`, to: "" }],
    seenBy: attack(
      "brute force of a code from ever new addresses: a pause after five, a lock after ten, and its issuer hears of it",
    ),
  },
  {
    name: "a cookie that opens in any browser",
    isSoakOnly: true,
    plants: [
      {
        file: `${CONSENT}/find-session.ts`,
        from: "session.agentHash !== hashOf(agent)",
        to: "agent === hashOf(agent)",
      },
    ],
    seenBy: attack("a cookie in another browser opens nothing, and ends the session"),
  },
];

/** Seven of the twelve in `npm test`. */
export const FAULTS = ALL.filter(({ isSoakOnly }) => !isSoakOnly || Boolean(process.env.WEALD_SOAK));

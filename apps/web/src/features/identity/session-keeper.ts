import type { inferRouterOutputs } from "@trpc/server";
import type { SessionOver } from "@weald/core/kernel";
import { onSecondWindow, otherWindows } from "#features/shell/second-window.ts";
import type { AppRouter } from "#server/routers/app.ts";
import { type Due, dueAt } from "./session-clock.ts";

type Standing = inferRouterOutputs<AppRouter>["identity"]["readSession"];
export type SessionView = {
  state: "alive" | "locked" | "ended";
  endsAt: number;
  due: Due;
};
export type OverCode = SessionOver["code"];

/** What the keeper asks of the server. */
export type SessionApi = {
  read(): Promise<Standing>;
  touch(): Promise<unknown>;
  lock(why: "idle" | "asked"): Promise<unknown>;
};

const TOUCHED_EACH_MS = 60_000;
const ASKED_EACH_MS = 15_000;
const TOLD_EACH_MS = 5000;
const TICK_MS = 1000;
const USE = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;
const CHANNEL = "weald.session";

type Told = { kind: "used"; at: number } | { kind: "locked" | "renewed" };

/** A page whose second window is in front is looked at. */
const isLookedAt = (): boolean =>
  [window, ...otherWindows()].some(({ document: shown }) => shown.visibilityState === "visible");

/** Tells every page of this browser that somebody has signed in again. */
export function tellRenewed(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ kind: "renewed" } satisfies Told);
  channel.close();
}

/** Hears that somebody has signed in again, in whichever window. Returns how to stop. */
export function onRenewed(then: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener("message", ({ data }: MessageEvent<Told>) => {
    if (data.kind === "renewed") then();
  });
  return () => channel.close();
}

const ALIVE: SessionView = {
  state: "alive",
  endsAt: Number.POSITIVE_INFINITY,
  due: { lock: false, over: false, endsSoon: false },
};

/**
 * Keeps a page to its session: locks it when nobody uses any page of this browser, holds its requests while it is locked,
 * and learns within seconds that it was ended elsewhere. The server holds to the same by itself; this is for the reader.
 */
export function createSessionKeeper() {
  let view = ALIVE;
  let api: SessionApi | undefined;
  let who: Pick<Standing, "personId" | "roleId"> | undefined;
  let idleSeconds: number | null = null;
  let [lastUse, lastTouch, lastAsked, lastTold] = [0, 0, 0, 0];
  let asked: Promise<void> | undefined;
  let channel: BroadcastChannel | undefined;
  const listeners = new Set<() => void>();
  const waiting = new Set<() => void>();

  function show(next: Partial<SessionView>): void {
    view = { ...view, ...next };
    for (const listener of listeners) listener();
  }
  const tell = (told: Told) => channel?.postMessage(told);

  function leave(why: string): void {
    show({ state: "ended" });
    const from = encodeURIComponent(window.location.pathname + window.location.search);
    window.location.replace(`/sign-in?ended=${why}&from=${from}`);
  }

  function goOn(standing: Standing): void {
    const wasHeld = view.state !== "alive";
    idleSeconds = standing.idleSeconds;
    if (wasHeld) lastUse = lastTouch = Date.now();
    const endsAt = new Date(standing.endsAt).getTime();
    show({ state: "alive", endsAt, due: dueAt({ idleSeconds, endsAt, lastUse }, Date.now()) });
    for (const resume of waiting) resume();
    waiting.clear();
  }

  function heardOf(standing: Standing): void {
    const isSame = standing.personId === who?.personId && standing.roleId === who.roleId;
    // Nothing that one person, or one contract, has opened is shown to another.
    if (!isSame) window.location.replace("/worklist");
    else if (standing.state === "alive") goOn(standing);
    else if (standing.state === "locked" || standing.why === "shift-over") show({ state: "locked" });
    else leave(standing.why ?? "elsewhere");
  }

  /** Asks how the session stands; one question at a time. */
  function ask(): Promise<void> {
    asked ??= (async () => {
      lastAsked = Date.now();
      try {
        if (api) heardOf(await api.read());
      } catch (error) {
        if (error instanceof Error && isUnauthorized(error)) leave("elsewhere");
      } finally {
        asked = undefined;
      }
    })();
    return asked;
  }

  function lockNow(why: "idle" | "asked"): void {
    show({ state: "locked" });
    tell({ kind: "locked" });
    // The server locks by itself a little later, should this not reach it.
    api?.lock(why).catch(() => {});
  }

  function tick(): void {
    if (view.state !== "alive") return;
    const now = Date.now();
    const due = dueAt({ idleSeconds, endsAt: view.endsAt, lastUse }, now);
    if (due.lock) {
      lockNow("idle");
      return;
    }
    if (due.over) {
      show({ state: "locked" });
      return;
    }
    if (due.locksInSeconds !== view.due.locksInSeconds || due.endsSoon !== view.due.endsSoon) show({ due });
    if (lastUse > lastTouch && now - lastTouch >= TOUCHED_EACH_MS) {
      lastTouch = now;
      api?.touch().catch(() => ask());
    }
    if (now - lastAsked >= ASKED_EACH_MS && isLookedAt()) void ask();
  }

  function used(): void {
    if (view.state !== "alive") return;
    lastUse = Date.now();
    if (view.due.locksInSeconds !== undefined) tick();
    if (lastUse - lastTold < TOLD_EACH_MS) return;
    lastTold = lastUse;
    tell({ kind: "used", at: lastUse });
  }

  function told({ data }: MessageEvent<Told>): void {
    if (data.kind === "used") lastUse = Math.max(lastUse, data.at);
    if (data.kind === "locked" && view.state === "alive") show({ state: "locked" });
    if (data.kind === "renewed") void ask();
  }

  return {
    view: () => view,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** From now on, for the page of this person. Returns how to stop. */
    begin(first: Standing, asks: SessionApi): () => void {
      api = asks;
      who = first;
      idleSeconds = first.idleSeconds;
      lastUse = lastAsked = Date.now();
      // Who opens a page uses it. The server hears so within its minute, also of one who opens one page after another.
      lastTouch = new Date(first.lastSeenAt).getTime();
      const endsAt = new Date(first.endsAt).getTime();
      view = { ...ALIVE, endsAt, state: first.state === "alive" ? "alive" : "locked" };
      channel = new BroadcastChannel(CHANNEL);
      channel.addEventListener("message", told);
      const heard = new Set<Window>();
      const hear = () => {
        for (const one of [window, ...otherWindows()].filter((each) => !heard.has(each))) {
          heard.add(one);
          for (const event of USE) one.addEventListener(event, used, { capture: true, passive: true });
        }
      };
      hear();
      const deaf = onSecondWindow(hear);
      document.addEventListener("visibilitychange", tick);
      const timer = setInterval(tick, TICK_MS);
      show({});
      return () => {
        clearInterval(timer);
        document.removeEventListener("visibilitychange", tick);
        deaf();
        for (const one of heard)
          for (const event of USE) one.removeEventListener(event, used, { capture: true });
        channel?.close();
        api = undefined;
      };
    },
    lockNow,
    ask,
    /** Whether requests may go out. A page without a session to keep (signing in) is never held. */
    isOpen: () => view.state === "alive",
    /** A request was refused for its session: learns how that stands now. False where there is nothing to wait for. */
    refused(code: OverCode): boolean {
      if (!api) return false;
      if (code === "SESSION_LOCKED") show({ state: "locked" });
      void ask();
      return true;
    },
    untilOpen(resume: () => void): () => void {
      waiting.add(resume);
      return () => waiting.delete(resume);
    },
  };
}
export type SessionKeeper = ReturnType<typeof createSessionKeeper>;

const isUnauthorized = (error: Error): boolean =>
  "data" in error &&
  error.data instanceof Object &&
  "code" in error.data &&
  error.data.code === "UNAUTHORIZED";

"use client";
import {
  gridKey,
  type Hanging,
  type HungStep,
  ownGrid,
  ownSecondGrid,
  secondGridKey,
} from "@weald/core/hanging";
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { View } from "./annotations/contract.ts";
import { useMarks } from "./annotations/use-marks.tsx";
import { arrangementOfView } from "./annotations/view-link.ts";
import type { OpenedStudy, SecondWindow, ViewerChange, ViewerPreference } from "./contract.ts";
import type { Ahead } from "./frames/fetch-ahead.ts";
import { arrangementOf, useHanging } from "./hanging/use-hanging.ts";
import { arrange, type Hung, keyOf, type Slot, threePlanes } from "./layout/arrangement.ts";
import { type BookmarkPlace, notePlaces, standsAt, stepOf } from "./layout/bookmark.ts";
import type { Places } from "./layout/cell-state.ts";
import { isAwaited } from "./layout/is-awaited.ts";
import { isOtherSide } from "./layout/other-side.ts";
import { ofOnePatient } from "./layout/same-patient.ts";
import { Screen } from "./layout/screen.tsx";
import {
  activateAt,
  activeOf,
  hangAt,
  hungOn,
  oneScreen,
  regridAt,
  SECOND_AT,
  slotsOf,
  stepThrough,
  withoutSecond,
  withSecond,
} from "./layout/screens.ts";
import { useAhead } from "./layout/use-ahead.ts";
import { useBookmark } from "./layout/use-bookmark.tsx";
import { useCells } from "./layout/use-cells.ts";
import { useNarrow } from "./layout/use-narrow.ts";
import { useOneScale } from "./layout/use-one-scale.ts";
import type { MatchedBy } from "./link/match-place.ts";
import { planeOf } from "./link/planes.ts";
import { ALL_LINKED, type Links, useLinks } from "./link/use-links.ts";
import { usePeek } from "./link/use-peek.ts";
import { currencyBeside, currencyOf, currencyRead } from "./marks/currency.ts";
import { OthersContext } from "./others/others.ts";
import { useOthers } from "./others/use-others.tsx";
import { usePreference } from "./preference/use-preference.ts";
import { readerTools } from "./stack/reader-tools.ts";
import type { ToolName } from "./stack/tooling.ts";
import { useCine } from "./stack/use-cine.ts";
import { beginWith } from "./stack/use-stack.ts";
import { Help } from "./ui/help.tsx";
import { withKey } from "./ui/keys.ts";
import { SecondScreen } from "./ui/second-screen.tsx";
import { SeriesStrip } from "./ui/series-strip.tsx";
import { Toolbar } from "./ui/toolbar.tsx";
import { Tray } from "./ui/tray.tsx";
import { useViewerKeys } from "./ui/use-viewer-keys.ts";

/** Before there is anything to show: the first picture then finds it running. */
export const startEngine = () => beginWith(readerTools);

export type ViewerProps = {
  /** The study that is read, first; and what stands beside it. */
  studies: readonly OpenedStudy[];
  /** Whose images these are, and what must be said of them: on every screen. */
  banner: ReactNode;
  /** Where else to go from here: on the first screen alone. */
  ways: ReactNode;
  /** What is said above all that hangs, on every screen: that it is a demonstration, that glass was broken. */
  ribbons: ReactNode;
  second: SecondWindow;
  /** Copied by one key; undefined where none is known. */
  nhsNumber: string | undefined;
  report: ReactNode;
  preference: ViewerPreference;
  /** Fails where it can't be kept: that is said. */
  onPreference(change: ViewerChange): Promise<unknown>;
  /** What may be asked for next: its first pictures are fetched once all that hangs is there. */
  ahead: readonly Ahead[];
  /** Why a prior that was asked for isn't here, in words. */
  priorNote?: string | undefined;
  /** Brings the nearest prior beside, or takes the priors away again. */
  onPrior(): void;
  onClose(): void;
  /** What a link restores; from there the reader goes on. */
  view?: View | undefined;
  /** Where this reader stopped in this study the last time, and when, in words. */
  bookmark?: { place: BookmarkPlace; at: string } | undefined;
  /** Keeps where the reader stands; nothing: at the start again. */
  onBookmark?: ((place: BookmarkPlace | undefined) => Promise<unknown>) | undefined;
  /** The first picture is there, or it is said why not. */
  onFirst?: (() => void) | undefined;
  /** Brings these studies beside. */
  onBring(studyIds: readonly string[]): Promise<void>;
};

/** Until it is known what there is to hang. */
const NOTHING_YET = oneScreen(arrange(1, 1, []));
const BLOCKED =
  "The browser blocked the second window. Allow pop-ups for this site, then press S again. Nothing else has changed.";
const OFFER = "You read on two screens: press S for the second.";

/** On a phone nothing is loaded that isn't shown. */
const NOTHING_AHEAD: readonly Ahead[] = [];

const LINKED_BY: Record<MatchedBy, string> = {
  position: "linked by position",
  location: "linked by location, in mm",
  order: "linked by order",
};
const linkedBy = (matched: readonly MatchedBy[]) =>
  matched.length === 0 ? "nothing to link" : matched.map((by) => LINKED_BY[by]).join(", ");

export function Viewer(props: ViewerProps) {
  const { studies: given, banner, report, priorNote, onPrior, onClose, view, second } = props;
  const { preference, keep, isUnkept } = usePreference(props.preference, props.onPreference);
  const { studies, refused } = useMemo(() => ofOnePatient(given), [given]);
  const read = studies.find(({ role }) => role === "current") ?? studies[0];
  const isNarrow = useNarrow();
  // On a phone there is room for one window alone.
  const beside = isNarrow ? undefined : second.window;
  const screenCount = beside ? 2 : 1;
  const hanging = useHanging(studies, screenCount);
  const [screens, setScreens] = useState(NOTHING_YET);
  const [at, setAt] = useState<{ of: Hanging | undefined; step: number }>({ of: undefined, step: 0 });
  /** A step as this reader has it, on each screen that there is. */
  function hangStep(of: Hanging, step: HungStep): void {
    const first = arrangementOf(step, ownGrid(preference.grids, of, step, screenCount));
    const second = step.second && arrangementOf(step.second, ownSecondGrid(preference.grids, of, step));
    setScreens((was) => (beside ? withSecond(first, second, was) : oneScreen(first)));
  }
  // Other studies are open than before, or another number of screens: they hang anew, from the first step.
  if (hanging && at.of !== hanging) {
    setAt({ of: hanging, step: 0 });
    const first = hanging.steps[0];
    // What a link hung comes first, once; from there the reader goes on.
    if (view && at.of === undefined) setScreens(oneScreen(arrangementOfView(view, studies)));
    else if (first) hangStep(hanging, first);
    else setScreens(NOTHING_YET);
  } else if (beside && !screens.second) setScreens((was) => withSecond(was.first, undefined, was));
  else if (!beside && screens.second) setScreens(withoutSecond);
  const [note, setNote] = useState<string>();
  const [restored, setRestored] = useState(view);
  const [tool, setTool] = useState<ToolName>("window");
  const [isReportOpen, setIsReportOpen] = useState(false);
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const places = useRef<Places>(new Map());
  const { cells, tell } = useCells();

  const labelled = useMemo(
    () =>
      studies.map((opened) => ({
        ...opened,
        currency:
          opened === read || !read
            ? studies.length > 1
              ? currencyRead(opened.study)
              : currencyOf(opened.study.studyDate, opened.study.newestDate)
            : currencyBeside(opened.study, read.study),
        opened,
      })),
    [studies, read],
  );
  const of = (hung: Hung | undefined) => labelled.find(({ study }) => study.studyId === hung?.studyId);

  const slots = slotsOf(screens);
  const active = activeOf(screens);
  useAhead(isNarrow ? NOTHING_AHEAD : props.ahead, cells);
  const cell = cells.get(active);
  const [isFirstThere, onFirst] = [cell?.isSettled ?? false, props.onFirst];
  useEffect(() => {
    if (isFirstThere) onFirst?.();
  }, [isFirstThere, onFirst]);
  const controller = cell?.controller;
  const count = cell?.frames.length ?? 0;
  const cine = useCine(controller, count, cell?.frame?.instance.header);
  const hung = hungOn(screens, active);

  const onActivate = useCallback((at: number) => setScreens((was) => activateAt(was, at)), []);
  const onDropped = useCallback(
    (at: number, choice: { studyId: string; seriesId: string }) => {
      // Dragged from another window: what isn't open here, or is another patient's, hangs nowhere.
      if (studies.some(({ study }) => study.studyId === choice.studyId))
        setScreens((was) => hangAt(was, at, choice));
      else setNote("That series is of a study that isn't open here. It isn't shown.");
    },
    [studies],
  );
  function choose(choice: { studyId: string; seriesId: string } | undefined): void {
    cine.stop();
    if (choice) onDropped(active, choice);
  }
  function goFull(): void {
    const other = beside?.document.hasFocus() ? beside.document : undefined;
    const [page, whole] = other ? [other, other.documentElement] : [document, root.current];
    const change = page.fullscreenElement ? page.exitFullscreen() : whole?.requestFullscreen();
    // A browser may refuse: then nothing happens.
    void change?.catch(() => {});
  }
  function nextSeries(by: number): void {
    const study = of(hung)?.study ?? read?.study;
    if (!study) return;
    const at = study.series.findIndex((one) => one.seriesId === hung?.seriesId);
    const next = study.series[(at + by + study.series.length) % study.series.length];
    choose(next && { studyId: study.studyId, seriesId: next.seriesId });
  }

  /** As the study opened, whatever the reader has done since. */
  function begin(): void {
    cine.stop();
    places.current.clear();
    const first = hanging?.steps[0];
    if (!hanging || !first) return;
    setAt({ of: hanging, step: 0 });
    hangStep(hanging, first);
    for (const { controller: one, steer } of cells.values()) {
      one?.reset();
      steer.goTo(0);
    }
  }
  const marks = useMarks({
    studies,
    cells,
    arrangement: screens.first,
    active,
    second: beside,
    restored,
    onHang(choice, index) {
      places.current.set(keyOf(choice), { index });
      choose(choice);
    },
  });
  const { others, toolbar, panel, close: closeOthers } = useOthers({ studies, cell });
  function nextStep(by: number): void {
    const steps = hanging?.steps ?? [];
    if (!hanging || steps.length < 2) {
      nextSeries(by);
      return;
    }
    const isOnScreen = (index: number) => !isNarrow || index === active;
    const isWaiting = slots.some(
      ({ slot, at: one }) => slot.kind === "hung" && isOnScreen(one) && isAwaited(slot.hung, cells.get(one)),
    );
    if (hanging.isBySide && isWaiting) {
      setNote("Loading, not full detail: the next step waits.");
      return;
    }
    const step = (at.step + by + steps.length) % steps.length;
    const next = steps[step];
    if (!next) return;
    cine.stop();
    setNote(undefined);
    setAt({ of: hanging, step });
    hangStep(hanging, next);
  }
  const step = hanging?.steps[at.step];
  const resume = useBookmark({
    kept: props.bookmark,
    now: standsAt({
      ...{ arrangement: screens.first, cells, hanging, step },
      beginsOf: (of, own) => arrangementOf(own, ownGrid(preference.grids, of, own, screenCount)),
    }),
    keep: props.onBookmark,
    openIds: studies.map(({ study }) => study.studyId),
    bring: props.onBring,
    begin,
    own: preference.keys,
  });
  // What hung there is open by now, or is said not to be.
  if (resume.wanted && hanging && at.of === hanging) {
    const { wanted } = resume;
    const hung = arrangementOfView(wanted.view, studies);
    notePlaces(places.current, wanted.view, hung);
    setAt({ of: hanging, step: stepOf(wanted, hanging) });
    setScreens((was) => ({ ...was, first: hung, isOnSecond: false }));
    setRestored(wanted.view);
    resume.hung();
  }
  /** The active series in three planes; and back to how it hung. */
  function showPlanes(): void {
    const isCut = slots.some(({ slot }) => slot.kind === "hung" && slot.hung.cut);
    cine.stop();
    if (!isCut && hung) setScreens((was) => ({ ...was, first: threePlanes(hung), isOnSecond: false }));
    else if (hanging && step) hangStep(hanging, step);
  }
  const [links, setLinks] = useState<Links>(preference.links ?? ALL_LINKED);
  const [levels, setLevels] = useState<ReadonlyMap<string, number>>(new Map());
  const matched = useLinks(cells, active, links, levels);
  function link(what: keyof Links): void {
    // What a reader links by hand is level as it stands.
    if (what === "scroll" && !links.scroll)
      setLevels(new Map([...cells.values()].map((one) => [keyOf(one.hung), one.shown.index])));
    const next = { ...links, [what]: !links[what] };
    setLinks(next);
    keep({ links: next });
  }
  /** @param from - the first viewport of the screen that gets another grid */
  function regridTo(from: number, rows: number, columns: number): void {
    setScreens((was) => regridAt(was, from, rows, columns));
    if (!hanging || !step) return;
    const key = from === SECOND_AT ? secondGridKey(hanging, step) : gridKey(hanging, step, screenCount);
    keep({ grids: { [key]: { rows, columns } } });
  }
  function copyNumber(): void {
    if (!props.nhsNumber) {
      setNote("No NHS number is known of this patient.");
      return;
    }
    // Only the window that is in front may write there.
    const { clipboard } = (beside?.document.hasFocus() ? beside : window).navigator;
    clipboard.writeText(props.nhsNumber).then(
      () => setNote("The NHS number is copied."),
      () => setNote("The browser doesn't let the NHS number be copied."),
    );
  }
  function toggleSecond(): void {
    if (isNarrow) return;
    const isOpen = beside !== undefined;
    if (isOpen) second.close();
    else if (!second.open()) {
      setNote(BLOCKED);
      return;
    }
    setNote(undefined);
    // A reader who closes it by its frame goes on to read on two: only this key says otherwise.
    if (preference.isOnTwoScreens === isOpen || preference.isOnTwoScreens === undefined)
      keep({ isOnTwoScreens: !isOpen });
  }
  const { peeked, peek } = usePeek({ cells, active, places: places.current, levels });
  const cutting = useMemo(() => (cell?.frame && cell.isReady ? planeOf(cell.frame) : undefined), [cell]);
  useOneScale(cells, hanging?.isOneScale ?? true);

  useViewerKeys(
    {
      scrollBy: (by) => cell?.steer.scrollBy(by),
      first: () => cell?.steer.goTo(0),
      last: () => cell?.steer.goTo(count - 1),
      window: (index) => cell?.windows[index] && cell.steer.setWindow(cell.windows[index]),
      nextStep,
      nextSeries,
      prior: onPrior,
      peek,
      planes: showPlanes,
      link: () => link("scroll"),
      resume: resume.toggle,
      nextViewport: (by) => setScreens((was) => stepThrough(was, by)),
      secondScreen: toggleSecond,
      copyNumber,
      closeSecond: second.close,
      tool: setTool,
      zoomBy: (factor) => controller?.zoomBy(factor),
      invert: () => controller?.invert(),
      cine: cine.toggle,
      report: () => setIsReportOpen((was) => !was),
      full: goFull,
      reset: () => controller?.reset(),
      keyImage: marks.key,
      marks: marks.toggle,
      help: () => setIsHelpOpen((was) => !was),
      close: () => {
        if (isHelpOpen) setIsHelpOpen(false);
        else if (isReportOpen) setIsReportOpen(false);
        else if (!marks.close() && !closeOthers()) onClose();
      },
    },
    preference.keys,
    beside,
  );

  const inPlaceOf = (own: Slot, at: number) => (at === active && peeked ? peeked : own);
  function about(slot: Slot, at: number) {
    const study = slot.kind === "hung" ? of(slot.hung) : undefined;
    return {
      opened: study?.opened,
      currency: study?.currency,
      cutting: at === active ? undefined : cutting,
      warning: isOtherSide(cells, at) ? "OTHER SIDE" : undefined,
    };
  }
  const shared = { active, many: slots.length, tool, places: places.current, inPlaceOf, about };
  const told = { onActivate, onDropped, onState: tell };
  const alert =
    refused.length > 0 ? (
      <p role="alert" className="bg-[#3a1512] px-4 py-1.5 font-semibold text-[#ffb4a9]">
        A study of another patient was asked for beside this one. It isn't shown.
      </p>
    ) : null;
  const said = note ?? priorNote ?? (preference.isOnTwoScreens && !isNarrow && !beside ? OFFER : undefined);

  return (
    <div ref={root} className="relative flex min-h-0 grow flex-col bg-black text-white">
      <div className="border-b border-white/20 bg-[#12181c] px-3 py-1.5">
        <div className="flex flex-wrap items-baseline gap-x-5 gap-y-1">
          {banner}
          {props.ways}
        </div>
      </div>
      <Toolbar
        tool={tool}
        onTool={setTool}
        windows={cell?.windows ?? []}
        windowName={cell?.windowName}
        onWindow={(window) => cell?.steer.setWindow(window)}
        isInverted={cell?.shown.isInverted ?? false}
        onInvert={() => controller?.invert()}
        onFit={() => controller?.fit()}
        onReset={() => controller?.reset()}
        grid={screens.first}
        onGrid={(rows, columns) => regridTo(0, rows, columns)}
        second={isNarrow ? undefined : { isOpen: beside !== undefined, toggle: toggleSecond }}
        step={
          hanging &&
          step && { protocol: hanging.name, name: step.name, at: at.step + 1, of: hanging.steps.length }
        }
        onStep={nextStep}
        onPlanes={showPlanes}
        links={slots.length > 1 ? links : undefined}
        linkedBy={linkedBy(matched)}
        onLink={link}
        cine={count > 1 ? cine : undefined}
        marks={
          <>
            {marks.toolbar}
            {toolbar}
          </>
        }
        isReportOpen={isReportOpen}
        onReport={() => setIsReportOpen((was) => !was)}
        onFull={goFull}
        onHelp={() => setIsHelpOpen(true)}
        onClose={onClose}
      />
      {alert}
      {isUnkept ? (
        <p role="status" className="bg-[#2f230d] px-4 py-1 font-semibold text-[#ffc871]">
          What you changed for yourself (layout, links, keys) could not be kept. It holds until you close this
          study.
        </p>
      ) : null}
      {said ? (
        <p role="status" className="bg-[#2f230d] px-4 py-1 font-semibold text-[#ffc871]">
          {said}
        </p>
      ) : null}
      {hanging ? (
        <Tray
          unplaced={hanging.unplaced}
          onChoose={({ studyId, seriesId, instanceId }) =>
            setScreens((was) =>
              hangAt(was, activeOf(was), {
                studyId,
                seriesId,
                instanceIds: instanceId ? [instanceId] : undefined,
              }),
            )
          }
        />
      ) : null}
      <div className="flex min-h-0 grow max-md:flex-col">
        <SeriesStrip studies={labelled} current={hung} onChoose={choose} foot={resume.offer} />
        <OthersContext.Provider value={others}>
          <Screen grid={screens.first} from={0} isOneAtATime={isNarrow} {...shared} {...told} />
          {beside && screens.second ? (
            <SecondScreen
              window={beside}
              banner={banner}
              ribbons={props.ribbons}
              alert={alert}
              grid={screens.second}
              onGrid={(rows, columns) => regridTo(SECOND_AT, rows, columns)}
              onClose={second.close}
              strip={
                <SeriesStrip
                  studies={labelled}
                  current={hungOn(screens, SECOND_AT + screens.second.active)}
                  onChoose={(choice) =>
                    setScreens((was) => hangAt(was, SECOND_AT + (was.second?.active ?? 0), choice))
                  }
                />
              }
            >
              <Screen grid={screens.second} from={SECOND_AT} isOneAtATime={false} {...shared} {...told} />
            </SecondScreen>
          ) : null}
        </OthersContext.Provider>
        {marks.panel}
        {panel}
        {isReportOpen ? (
          <aside aria-label="Report" className="w-full shrink-0 overflow-auto bg-panel p-4 text-ink md:w-96">
            {report}
          </aside>
        ) : null}
      </div>
      {isHelpOpen ? (
        <Help
          own={preference.keys}
          onKey={(id, letter) => keep({ keys: withKey(preference.keys, id, letter) })}
          onClose={() => setIsHelpOpen(false)}
        />
      ) : null}
    </div>
  );
}

import type { Point } from "../measure/spacing.ts";
import { pathOf } from "../others/graphics.ts";
import type { StateLook } from "../others/presentation-state.ts";
import type { OverlayPlane } from "../pixels/overlay-plane.ts";
import type { Shape } from "./contract.ts";
import type { BookMark } from "./mark-book.ts";
import { saysOf } from "./mark-text.ts";

/** Words at a place of the picture. */
type Words = { lines: readonly string[]; at: Point };
/** What is drawn onto a picture that leaves, in its pixels, the lowest first. */
export type Drawings = {
  planes: readonly { plane: OverlayPlane; at: number }[];
  paths: readonly { path: string; isPoint: boolean }[];
  words: readonly Words[];
  /** Said under the picture: notes of key images, and who presented it so. */
  under: readonly string[];
  /** Somebody typed some of it: it may name anybody. Planes of marks hold letters as often as lines. */
  hasWords: boolean;
};
export const NO_DRAWINGS: Drawings = { planes: [], paths: [], words: [], under: [], hasWords: false };

const HEAD = 12;

/** An arrow and its head, which is where it points to. */
function arrow([tip, end]: readonly Point[]): string[] {
  if (!tip || !end) return [];
  const along = Math.atan2(end.row - tip.row, end.column - tip.column);
  const length = Math.min(HEAD, Math.hypot(end.column - tip.column, end.row - tip.row) / 3);
  const barb = (turn: number): Point => ({
    column: tip.column + length * Math.cos(along + turn),
    row: tip.row + length * Math.sin(along + turn),
  });
  const [line, head] = [pathOf("POLYLINE", [tip, end]), pathOf("POLYLINE", [barb(0.5), tip, barb(-0.5)])];
  return [line, head].filter((path) => path !== undefined);
}

function pathsOf({ tool, places }: Shape): string[] {
  if (tool === "arrow") return arrow(places);
  if (tool === "bidirectional")
    return [places.slice(0, 2), places.slice(2, 4)].flatMap((pair) => pathOf("POLYLINE", pair) ?? []);
  const kind = { ellipse: "ELLIPSE", probe: "POINT", length: "POLYLINE", angle: "POLYLINE" }[tool];
  return [pathOf(kind, places) ?? []].flat();
}

const isOnFrame = ({ said }: BookMark, at: { instanceId: string; frame: number }): boolean =>
  said?.frame?.instanceId === at.instanceId && said.frame.frame === at.frame;
const isMine = ({ author, state, standing }: BookMark): boolean =>
  author.isMe && state !== "withdrawn" && standing === "stands";

type Asked = {
  marks: readonly BookMark[];
  at: { instanceId: string; frame: number };
  look: StateLook | undefined;
  /** Said beside each measurement: that it is of a prior. */
  remark: string | undefined;
};

/** The reader's own marks on one picture, and what others presented on it. Marks of other readers are theirs to give away. */
export function drawingsOn({ marks, at, look, remark }: Asked): Drawings {
  const mine = marks.filter((mark) => isMine(mark) && isOnFrame(mark, at));
  const shapes = mine.flatMap((mark) => {
    const content = mark.said?.content;
    return content?.kind === "measurement" || content?.kind === "arrow" ? [{ mark, shape: content }] : [];
  });
  const notes = mine.flatMap(({ said }) => (said?.content.kind === "key-image" ? [said.content.note] : []));
  const layers = look?.layers ?? [];
  const said = shapes.flatMap(({ mark, shape }): Words[] => {
    const lines = [shape.label, saysOf(mark), remark ? `ON ${remark}` : ""].filter(Boolean);
    const [first] = shape.places;
    return first && lines.length > 0 ? [{ lines, at: first }] : [];
  });
  const planes = layers.flatMap((layer) => layer.planes);
  const theirs = layers.flatMap(({ words }) => words.map(({ lines, at: begin }) => ({ lines, at: begin })));
  const typed = [...notes, ...shapes.map(({ shape }) => shape.label)].filter((text) => text.trim() !== "");
  return {
    planes,
    paths: [
      ...layers.flatMap(({ drawn }) => drawn.map(({ path, isPoint }) => ({ path, isPoint }))),
      ...shapes.flatMap(({ shape }) =>
        pathsOf(shape).map((path) => ({ path, isPoint: shape.tool === "probe" })),
      ),
    ],
    words: [...theirs, ...said],
    under: [
      ...(look ? [look.name, ...look.notes] : []),
      ...notes.map((note) => `Key image${note ? `: ${note}` : ""}`),
    ],
    hasWords: typed.length + theirs.length + planes.length > 0 || look !== undefined,
  };
}

/** Of a screening study nothing of one reader leaves in a picture until their own read is in (clinical page §11). */
export const mayCarryMarks = ({ isScreening, isIn }: { isScreening: boolean; isIn: boolean }): boolean =>
  !isScreening || isIn;

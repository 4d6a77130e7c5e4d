import { line } from "../measure/measured.ts";
import type { BookMark } from "./mark-book.ts";

const TOOL: Record<string, string> = {
  length: "Length",
  bidirectional: "Two axes",
  angle: "Angle",
  ellipse: "Ellipse",
  probe: "Value",
  arrow: "Arrow",
};
const STANDING: Record<string, string> = {
  moved: "Struck out: the study was another patient's then",
  gone: "Struck out: its image was rejected or replaced",
  corrected: "Its image was corrected since",
};

export const nameOf = ({ said, kind }: BookMark): string => {
  const content = said?.content;
  if (content?.kind === "measurement" || content?.kind === "arrow") return TOOL[content.tool] ?? content.tool;
  return kind === "key-image" ? "Key image" : "Mark";
};

/** Values with their unit and the source of their scale, or the note; never one without the other. */
export function saysOf({ said }: BookMark): string {
  const content = said?.content;
  if (content?.kind === "key-image") return content.note;
  if (content?.kind !== "measurement" && content?.kind !== "arrow") return "";
  return [content.values.map(line).join(", "), content.source && `(${content.source})`]
    .filter(Boolean)
    .join(" ");
}

export const standingText = ({ standing }: BookMark): string | undefined => STANDING[standing];

export const authorText = ({ author, state }: BookMark): string => {
  const who = author.isMe ? "You" : (author.name ?? "A reader");
  const by = author.role ? `${who}, ${author.role.replaceAll("-", " ")}, ${author.organisation}` : who;
  return state === "draft" ? `${by} · draft, yours alone` : `${by} · ${state}`;
};

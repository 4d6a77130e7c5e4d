import type { MarkSource } from "./annotations/contract.ts";

/** What the viewer needs of whoever opens it. It knows neither tRPC nor sessions: the study page gives it a source. */
export type DicomValue = string | number | null | { [key: string]: unknown };
/** The DICOM JSON model. @see DICOM PS3.18 §F.2 */
export type Header = {
  [tag: string]: { vr: string; Value?: DicomValue[]; InlineBinary?: string; BulkDataURI?: string };
};

export type ByteSpan = { offset: number; length: number };
export type FrameLocator = ByteSpan & { fragments?: ByteSpan[] | undefined };

/**
 * A frame in a series' pack: one HTJ2K codestream in the order of resolutions. `ends`: how many of its first bytes hold each, the lowest
 * first; `preview`: the lowest once more, beside those of the other frames.
 */
export type PackedFrame = ByteSpan & { ends: number[]; preview?: ByteSpan | undefined };

export type ViewerInstance = {
  instanceId: string;
  /** Changes whenever what is served of it changes. */
  version: number;
  sopInstanceUid: string;
  sopClassUid: string;
  instanceNumber?: number | undefined;
  slicePosition?: number | undefined;
  transferSyntaxUid: string;
  encoding: "plain" | "deflate";
  sizeBytes: number;
  frames: FrameLocator[];
  /** The same frames in the pack of the series, where they are. */
  packed?: { packId: string; frames: PackedFrame[] } | undefined;
  header: Header;
};

export type ViewerSeries = {
  seriesId: string;
  seriesInstanceUid: string;
  modality: string;
  number?: number | undefined;
  description?: string | undefined;
  bodyPart?: string | undefined;
  laterality?: string | undefined;
  instanceCount: number;
  completeness: { state: "arriving" | "quiet" | "complete" | "short"; text: string };
};

export type ViewerStudy = {
  studyId: string;
  /** Whose it is: the viewer shows one patient's studies and refuses any other beside them. */
  patientId: string;
  trustName: string;
  description?: string | undefined;
  dateText: string;
  /** YYYY-MM-DD */
  studyDate?: string | undefined;
  /** YYYY-MM-DD of the patient's newest study in the region, this one included. */
  newestDate?: string | undefined;
  series: ViewerSeries[];
};

export type SignedObject =
  | { instanceId: string; url: string; expiresAt: string }
  | { instanceId: string; gone: true; code: "CORRECTED" | "NOT_SERVED" };

/** `objects` and `packs`: addresses of some of the images, and of the packs in which others lie, where they came along. */
export type SeriesPage = {
  instances: ViewerInstance[];
  next?: string | undefined;
  objects?: SignedObject[] | undefined;
  packs?: SignedObject[] | undefined;
};

export interface FrameSource {
  instances(seriesId: string, after?: string): Promise<SeriesPage>;
  /** At most 200 at a time. */
  sign(instanceIds: string[]): Promise<SignedObject[]>;
  /** The same for packs, by their ids. Without it no pack is read. */
  signPacks?(packIds: string[]): Promise<SignedObject[]>;
  displayed(seriesId: string, frames: number): Promise<void>;
}

/** A study that was opened, and where its images come from. The one that is read is `current`, whatever its date. */
export type OpenedStudy = {
  role: "current" | "prior";
  study: ViewerStudy;
  source: FrameSource;
  /** Readers' marks on it. Without them nothing is drawn that would be lost. */
  marks?: MarkSource | undefined;
};

/** What a reader changed for themselves: grids by step of a protocol, what is linked, letters by what they do. */
export type ViewerPreference = {
  grids: { [step: string]: { rows: number; columns: number } };
  links?: { scroll: boolean; window: boolean; zoom: boolean } | undefined;
  isOnTwoScreens?: boolean | undefined;
  keys: { [does: string]: string };
};
/** What changed of it: of the grids those alone, everything else as it is now. */
export type ViewerChange = Partial<ViewerPreference>;

/** A second window of this page. Whoever opens the viewer has it: it outlives a study, and is covered with the page. */
export type SecondWindow = {
  window: Window | undefined;
  /** False where the browser blocked it. */
  open(): boolean;
  close(): void;
};

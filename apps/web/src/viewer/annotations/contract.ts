import type { ListedMark, MarkContent, MarkedFrame, View } from "@weald/core/annotation";
import type { ServedFile } from "@weald/core/study";

export type { ListedMark, MarkContent, MarkedFrame, View };
export type Shape = Extract<MarkContent, { kind: "measurement" | "arrow" }>;
export type KeyImage = Extract<MarkContent, { kind: "key-image" }>;

/** What the server said no to. `code` is stable. */
export class MarkRefused extends Error {
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

export type MarkToSave = { markId: string; version: number; frame: MarkedFrame; content: Shape | KeyImage };
/** How what a reader made of a study came out. */
export type Exported = { outcome: string; message: string | undefined };

/** One file of a study that leaves, as the server says it: `head` (base64) stands before what lies at `url` from `from` on. */
export type FileToTake = Omit<ServedFile, "instanceId">;
export type Taken = { servedVersion: number; count: number; storedBytes: number };
/** The whole study, or one series of it. */
export type ToTake = { seriesInstanceUid?: string | undefined };

/** The marks of one study. The study page gives it; the viewer knows no tRPC. */
export interface MarkSource {
  list(): Promise<{ marks: ListedMark[]; reading: { isScreening: boolean; isIn: boolean } }>;
  /** @throws {MarkRefused} `MARK_CHANGED` where another window was faster */
  save(mark: MarkToSave): Promise<{ version: number }>;
  publish(markIds: string[]): Promise<void>;
  withdraw(markId: string, isBack: boolean): Promise<void>;
  finishRead(): Promise<void>;
  /** @returns The address that restores it. */
  makeView(view: View): Promise<string>;
  /** Sends an object that was made of the study in by its door. */
  send(object: Uint8Array): Promise<Exported>;
  /**
   * One image leaves as a picture; on the record before it is drawn.
   *
   * @throws {MarkRefused} `LOOK_FIRST` where text may be burned in and nobody looked
   */
  takePicture(of: {
    instanceId: string;
    frame: number;
    withPatientText: boolean;
    isLookedAt: boolean;
    withDrawings: boolean;
    /** Words among the drawings that somebody typed. */
    hasWords: boolean;
    how: "file" | "print";
  }): Promise<void>;
  /** The study, or a series, leaves as files; on the record before the first is given. */
  takeStudy(of: ToTake): Promise<Taken>;
  /** @throws {MarkRefused} `STUDY_CORRECTED` where what was taken so far is not of one state */
  filesToTake(
    of: ToTake & { servedVersion: number; after?: string | undefined },
  ): Promise<{ files: FileToTake[]; next?: string | undefined }>;
  /** Who the patient is, as a picture with patient text says it. */
  readonly patientLines: readonly string[];
  readonly isDemonstration: boolean;
  /** Who reads, as an object that they make says it. */
  readonly reader: { name: string; organisation: string };
}

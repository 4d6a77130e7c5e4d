import type { DicomJson, FrameLocator } from "@weald/dicom";
import { z } from "zod";

const uid = z.string().regex(/^[0-9.]{1,64}$/);

/** What of a study is asked for by UIDs. `custodian`: one trust's own; without it, the region's view. */
export const Asked = z.object({
  custodian: z.string().max(12).optional(),
  studyInstanceUid: uid,
  seriesInstanceUid: uid.optional(),
  sopInstanceUid: uid.optional(),
  /** The last instance of the page before. */
  after: z.uuid().optional(),
  /** As the first page said it: a correction between two pages ends them. */
  servedVersion: z.number().int().optional(),
});
export type Asked = z.output<typeof Asked>;

/** One object as it lies in the archive, and what of its header is served in place of the stored. */
export type Retrieved = {
  instanceId: string;
  seriesInstanceUid: string;
  sopInstanceUid: string;
  sopClassUid: string;
  objectKey: string;
  /** The key is of a share object. */
  isShared: boolean;
  sizeBytes: number;
  transferSyntaxUid: string;
  encoding: "plain" | "deflate";
  hasMetaHeader: boolean;
  numberOfFrames: number;
  /** Attributes of the outermost level that an overlay changed; `undefined` where none did. */
  changed: DicomJson | undefined;
  /** Where frames are decoded: where they lie, and what says how they are to be read. */
  coded: Coded | undefined;
};
export type Coded = { frames: FrameLocator[]; pixels: DicomJson };

/** All that is asked for, before its first page: how much it is, and a mark that changes when any of it does. */
export type Scope = {
  count: number;
  storedBytes: number;
  /** With encapsulated pixels decoded. */
  decodedBytes: number;
  mark: string;
};

/** The page's head, the same for each way of reading. */
export type Found = {
  studyId: string;
  patientId: string;
  custodian: string;
  servedVersion: number;
  /** Another copy of this study that this actor may read holds other instances. */
  differs: boolean;
  /** So many images of the study are withheld from a masked reader. */
  withheld: number;
  /** Keys name share objects, in a store of their own. */
  isShared: boolean;
  /** For a gateway's cache, before anybody looks. */
  isAhead: boolean;
  scope: Scope | undefined;
  next: string | undefined;
};

/// <reference path="./dcmjs.d.ts" />
import dcmjs from "dcmjs";

/**
 * DICOM PS3.6 as dcmjs has it, an attribute a line. For making and comparing: to read dcmjs takes a process a quarter of a second, which
 * every function would pay at its start.
 */
export const entriesOfDcmjs = (): string =>
  Object.values(dcmjs.data.DicomMetaDictionary.nameMap)
    .map(({ tag, vr, name }) => `${tag.replace(/[(),]/g, "").toUpperCase()} ${vr} ${name}`)
    .join("\n");

import type { DicomJson } from "@weald/dicom";
import { trustName } from "../people/index.ts";
import { code, dataset, name, type Said } from "./dataset.ts";
import { type DemoPatient, type LocalNumber, patientOf } from "./population.ts";
import type { DemoStudy } from "./studies.ts";
import { uidOf } from "./uids.ts";

/** Days of the demonstration are counted from here, so that it is the same in every run. */
export const TODAY = "2026-11-24";

export function dayOf(study: DemoStudy, today = TODAY): string {
  const day = new Date(`${today}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - study.daysAgo);
  return day.toISOString().slice(0, 10).replaceAll("-", "");
}

export const accessionOf = (study: DemoStudy): string =>
  `${study.custodian}${uidOf(`accession ${study.key}`).slice(-7)}`;

/** What this trust calls the patient: its own number, and its own spelling where it has one. */
export function identityIn(
  patient: DemoPatient,
  custodian: string,
): LocalNumber & { family: string; given: string; birthDate: string } {
  const local = patient.localNumbers.find((one) => one.custodian === custodian);
  if (!local) throw new RangeError(`${patient.key} is not known in ${custodian}`);
  return { ...{ family: patient.family, given: patient.given, birthDate: patient.birthDate }, ...local };
}

function patientModule(study: DemoStudy): Record<string, Said> {
  const patient = patientOf(study.patient);
  const { family, given, birthDate, number } = identityIn(patient, study.custodian);
  const other = dataset({ PatientID: patient.nhsNumber, IssuerOfPatientID: "NHS", TypeOfPatientID: "TEXT" });
  return {
    PatientName: name(`${family}^${given}`, patient.ideographic),
    PatientID: number,
    IssuerOfPatientID: study.custodian,
    PatientBirthDate: birthDate.replaceAll("-", ""),
    PatientSex: patient.sex,
    OtherPatientIDsSequence: patient.nhsNumber ? other : undefined,
  };
}

export type Series = {
  key: string;
  number: number;
  modality: string;
  description: string;
  protocol?: string;
};
export type Place = { study: DemoStudy; series: Series; instance: number; sopClassUid: string };

export const studyUidOf = (study: DemoStudy): string => uidOf(`study ${study.key}`);
export const seriesUidOf = (study: DemoStudy, series: Series): string =>
  uidOf(`series ${study.key} ${series.key}`);
export const sopUidOf = ({ study, series, instance }: Omit<Place, "sopClassUid">): string =>
  uidOf(`instance ${study.key} ${series.key} ${instance}`);

/** Patient, study, series, equipment and SOP common modules: what every object of the demonstration says. */
export function commonModules(place: Place): Record<string, Said> {
  const { study, series, instance, sopClassUid } = place;
  const date = dayOf(study);
  return {
    SpecificCharacterSet: "ISO_IR 192",
    SOPClassUID: sopClassUid,
    SOPInstanceUID: sopUidOf(place),
    StudyDate: date,
    SeriesDate: date,
    AcquisitionDate: date,
    ContentDate: date,
    StudyTime: study.time,
    SeriesTime: study.time,
    AcquisitionTime: study.time,
    ContentTime: study.time,
    AccessionNumber: accessionOf(study),
    IssuerOfAccessionNumberSequence: dataset({ LocalNamespaceEntityID: study.custodian }),
    Modality: series.modality,
    Manufacturer: "Weald phantoms",
    InstitutionName: `${study.site}, ${trustName(study.custodian)}`,
    ReferringPhysicianName: name("Marlow^Ines"),
    StationName: `${study.custodian}-${series.modality}-1`,
    StudyDescription: study.description,
    ProcedureCodeSequence: code(study.procedure, "99NICIP", study.description),
    SeriesDescription: series.description,
    ManufacturerModelName: "Phantom 1",
    ...patientModule(study),
    DeviceSerialNumber: `P-${study.custodian}-1`,
    SoftwareVersions: "1",
    ProtocolName: series.protocol,
    StudyInstanceUID: studyUidOf(study),
    SeriesInstanceUID: seriesUidOf(study, series),
    StudyID: accessionOf(study).slice(-6),
    SeriesNumber: series.number,
    InstanceNumber: instance,
  };
}

export function pixelModule(options: {
  columns: number;
  rows: number;
  bitsStored: number;
  signed?: boolean;
  colour?: boolean;
}): Record<string, Said> {
  const { columns, rows, bitsStored, signed = false, colour = false } = options;
  return {
    SamplesPerPixel: colour ? 3 : 1,
    PhotometricInterpretation: colour ? "RGB" : "MONOCHROME2",
    PlanarConfiguration: colour ? 0 : undefined,
    Rows: rows,
    Columns: columns,
    BitsAllocated: colour ? 8 : 16,
    BitsStored: bitsStored,
    HighBit: bitsStored - 1,
    PixelRepresentation: signed ? 1 : 0,
  };
}

/** With the attributes of an image that no scanner invented and the standard wants said. */
export const REAL_IMAGE: Record<string, Said> = { BurnedInAnnotation: "NO", LossyImageCompression: "00" };

export const instanceOf = (attributes: Record<string, Said>): DicomJson => dataset(attributes);

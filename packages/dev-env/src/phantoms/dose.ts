import type { DicomJson } from "@weald/dicom";
import { code, dataset, type Said } from "./dataset.ts";
import { commonModules, instanceOf, type Series } from "./modules.ts";
import type { Made } from "./radiographs.ts";
import type { DemoStudy } from "./studies.ts";
import { uidOf } from "./uids.ts";

const DOSE_CLASS = "1.2.840.10008.5.1.4.1.1.88.67";

type Item = {
  relation: string;
  type: string;
  concept: DicomJson;
  more?: Record<string, Said>;
  items?: readonly DicomJson[];
};
const item = ({ relation, type, concept, more = {}, items }: Item): DicomJson =>
  dataset({
    RelationshipType: relation,
    ValueType: type,
    ConceptNameCodeSequence: concept,
    ...more,
    ContentSequence: items,
  });

const measured = (concept: DicomJson, value: number, unit: string, meaning: string): DicomJson =>
  item({
    relation: "CONTAINS",
    type: "NUM",
    concept,
    more: {
      MeasuredValueSequence: dataset({
        NumericValue: value,
        MeasurementUnitsCodeSequence: code(unit, "UCUM", meaning),
      }),
    },
  });

const coded = (
  relation: string,
  concept: DicomJson,
  value: DicomJson,
  items?: readonly DicomJson[],
): DicomJson =>
  item({
    relation,
    type: "CODE",
    concept,
    more: { ConceptCodeSequence: value },
    ...(items ? { items } : {}),
  });

/** What a CT says of its radiation. @see DICOM PS3.16 TID 10011 (CT Radiation Dose) */
export function doseReport(study: DemoStudy): Made[] {
  const series: Series = { key: "dose", number: 900, modality: "SR", description: "Dose report" };
  const product = study.kind === "ct-head" ? 912.4 : 318.7;
  const content = [
    coded(
      "HAS CONCEPT MOD",
      code("121058", "DCM", "Procedure reported"),
      code("77477000", "SCT", "Computed tomography"),
      [
        coded(
          "HAS CONCEPT MOD",
          code("G-C0E8", "SRT", "Has Intent"),
          code("261004008", "SCT", "Diagnostic intent"),
        ),
      ],
    ),
    item({
      relation: "HAS OBS CONTEXT",
      type: "UIDREF",
      concept: code("121012", "DCM", "Device Observer UID"),
      more: { UID: uidOf(`device ${study.custodian}`) },
    }),
    coded("HAS OBS CONTEXT", code("113705", "DCM", "Scope of Accumulation"), code("113014", "DCM", "Study")),
    item({
      relation: "CONTAINS",
      type: "CONTAINER",
      concept: code("113811", "DCM", "CT Accumulated Dose Data"),
      more: { ContinuityOfContent: "SEPARATE" },
      items: [
        measured(code("113812", "DCM", "Total Number of Irradiation Events"), 1, "{events}", "events"),
        measured(code("113813", "DCM", "CT Dose Length Product Total"), product, "mGy.cm", "mGy.cm"),
      ],
    }),
    coded(
      "CONTAINS",
      code("113854", "DCM", "Source of Dose Information"),
      code("113856", "DCM", "Automated Data Collection"),
    ),
  ];
  const attributes = {
    ...commonModules({ study, series, instance: 1, sopClassUid: DOSE_CLASS }),
    AcquisitionDate: undefined,
    AcquisitionTime: undefined,
    ReferencedPerformedProcedureStepSequence: null,
    PerformedProcedureCodeSequence: null,
    CompletionFlag: "COMPLETE",
    VerificationFlag: "UNVERIFIED",
    ValueType: "CONTAINER",
    ConceptNameCodeSequence: code("113701", "DCM", "X-Ray Radiation Dose Report"),
    ContinuityOfContent: "SEPARATE",
    ContentTemplateSequence: dataset({ MappingResource: "DCMR", TemplateIdentifier: "10011" }),
    ContentSequence: content,
  };
  return [{ series: series.key, instance: 1, dataset: instanceOf(attributes) }];
}

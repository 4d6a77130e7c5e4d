import { tagOf } from "@weald/dicom";

/**
 * What tells where a patient was, by attribute (clinical page §7; the starting point: PS3.15 Table E.1-1). Their values are also
 * searched for in the texts that are kept. What a masked header holds is stated by `SHARED`, so this list needs not be complete
 * for the mask to hold; the test plants each of them.
 */
export const SITE_FIELDS = {
  site: [
    "InstitutionName",
    "InstitutionAddress",
    "InstitutionCodeSequence",
    "InstitutionalDepartmentName",
    "ClinicalTrialSiteID",
    "ClinicalTrialSiteName",
    "CurrentPatientLocation",
    "PatientInstitutionResidence",
    "ServiceEpisodeDescription",
    "CustodialOrganizationSequence",
  ],
  station: [
    "StationName",
    "StationAETitle",
    "RetrieveAETitle",
    "PerformedStationAETitle",
    "PerformedStationName",
    "PerformedLocation",
    "ScheduledStationAETitle",
    "ScheduledStationName",
    "ScheduledProcedureStepLocation",
    "DetectorID",
    "GantryID",
    "PlateID",
    "CassetteID",
  ],
  serial: [
    "DeviceSerialNumber",
    "Manufacturer",
    "ManufacturerModelName",
    "SoftwareVersions",
    "DeviceUID",
    "DeviceID",
    "DateOfLastCalibration",
    "TransducerData",
    "ContributingEquipmentSequence",
    "ContentCreatorName",
  ],
  referrer: [
    "ReferringPhysicianName",
    "ReferringPhysicianAddress",
    "ReferringPhysicianTelephoneNumbers",
    "ReferringPhysicianIdentificationSequence",
    "RequestingPhysician",
    "RequestingService",
    "PerformingPhysicianName",
    "NameOfPhysiciansReadingStudy",
    "PhysiciansOfRecord",
    "OperatorsName",
    "ConsultingPhysicianName",
    "ResponsibleOrganization",
  ],
  numbers: [
    "AccessionNumber",
    "IssuerOfAccessionNumberSequence",
    "PatientID",
    "IssuerOfPatientID",
    "IssuerOfPatientIDQualifiersSequence",
    "OtherPatientIDsSequence",
    "OtherPatientIDs",
    "StudyID",
    "AdmissionID",
    "PlacerOrderNumberImagingServiceRequest",
    "FillerOrderNumberImagingServiceRequest",
    "RequestedProcedureID",
    "ScheduledProcedureStepID",
    "PerformedProcedureStepID",
    "RequestAttributesSequence",
  ],
  comments: [
    "ImageComments",
    "PatientComments",
    "AdditionalPatientHistory",
    "DerivationDescription",
    "PatientAddress",
    "RetrieveURL",
    "OriginalAttributesSequence",
    "EncryptedAttributesSequence",
    "DigitalSignaturesSequence",
    "IconImageSequence",
  ],
} as const;

/** Names of the standard that a viewer needs to show an image as it was meant, and to say whose it is. Everything else stays at home. */
const SHARED_KEYWORDS = [
  // Whose it is, and what it is.
  ..."PatientName PatientBirthDate PatientSex PatientAge PatientSize PatientWeight".split(" "),
  ..."SOPClassUID SOPInstanceUID StudyInstanceUID SeriesInstanceUID FrameOfReferenceUID".split(" "),
  ..."StudyDate StudyTime SeriesDate SeriesTime AcquisitionDate AcquisitionTime ContentDate ContentTime".split(
    " ",
  ),
  ..."AcquisitionDateTime TimezoneOffsetFromUTC StudyDescription SeriesDescription Modality".split(" "),
  ..."SeriesNumber AcquisitionNumber InstanceNumber ImagesInAcquisition ImageType BurnedInAnnotation".split(
    " ",
  ),
  ..."BodyPartExamined Laterality ImageLaterality FrameLaterality ViewPosition PatientPosition PatientOrientation".split(
    " ",
  ),
  ..."PresentationIntentType LossyImageCompression LossyImageCompressionRatio LossyImageCompressionMethod".split(
    " ",
  ),
  ..."QualityControlImage BreastImplantPresent PartialView PartialViewCodeSequence ViewCodeSequence".split(
    " ",
  ),
  ..."ViewModifierCodeSequence AnatomicRegionSequence AnatomicRegionModifierSequence".split(" "),
  ..."CodeValue CodingSchemeDesignator CodingSchemeVersion CodeMeaning LongCodeValue".split(" "),
  // Where it lies in space, and how long what is.
  ..."ImagePositionPatient ImageOrientationPatient PixelSpacing ImagerPixelSpacing".split(" "),
  ..."NominalScannedPixelSpacing PixelSpacingCalibrationType PixelAspectRatio SliceThickness SliceLocation".split(
    " ",
  ),
  ..."SpacingBetweenSlices EstimatedRadiographicMagnificationFactor DistanceSourceToDetector".split(" "),
  ..."DistanceSourceToPatient GantryDetectorTilt ReconstructionDiameter BodyPartThickness".split(" "),
  ..."FieldOfViewShape FieldOfViewDimensions FieldOfViewOrigin FieldOfViewRotation FieldOfViewHorizontalFlip".split(
    " ",
  ),
  ..."PositionerType PositionerPrimaryAngle PositionerSecondaryAngle".split(" "),
  ..."SequenceOfUltrasoundRegions RegionSpatialFormat RegionDataType RegionFlags RegionLocationMinX0".split(
    " ",
  ),
  ..."RegionLocationMinY0 RegionLocationMaxX1 RegionLocationMaxY1 ReferencePixelX0 ReferencePixelY0".split(
    " ",
  ),
  ..."PhysicalUnitsXDirection PhysicalUnitsYDirection PhysicalDeltaX PhysicalDeltaY".split(" "),
  // How pixels are read and shown.
  ..."SamplesPerPixel PhotometricInterpretation PlanarConfiguration NumberOfFrames FrameIncrementPointer".split(
    " ",
  ),
  ..."Rows Columns BitsAllocated BitsStored HighBit PixelRepresentation SmallestImagePixelValue".split(" "),
  ..."LargestImagePixelValue PixelPaddingValue PixelPaddingRangeLimit PixelIntensityRelationship".split(" "),
  ..."PixelIntensityRelationshipSign RescaleIntercept RescaleSlope RescaleType WindowCenter WindowWidth".split(
    " ",
  ),
  ..."WindowCenterWidthExplanation VOILUTFunction VOILUTSequence ModalityLUTSequence ModalityLUTType".split(
    " ",
  ),
  ..."LUTDescriptor LUTExplanation LUTData PresentationLUTShape ColorSpace".split(" "),
  ..."RedPaletteColorLookupTableDescriptor GreenPaletteColorLookupTableDescriptor".split(" "),
  ..."BluePaletteColorLookupTableDescriptor RedPaletteColorLookupTableData".split(" "),
  ..."GreenPaletteColorLookupTableData BluePaletteColorLookupTableData".split(" "),
  ..."SegmentedRedPaletteColorLookupTableData SegmentedGreenPaletteColorLookupTableData".split(" "),
  ..."SegmentedBluePaletteColorLookupTableData".split(" "),
  ..."FrameTime FrameTimeVector CineRate RecommendedDisplayFrameRate StartTrim StopTrim FrameDelay TriggerTime".split(
    " ",
  ),
  // How it was made, as far as it is read by.
  ..."KVP XRayTubeCurrent Exposure ExposureTime ConvolutionKernel ScanOptions ContrastBolusAgent".split(" "),
  ..."ScanningSequence SequenceVariant MRAcquisitionType RepetitionTime EchoTime InversionTime FlipAngle".split(
    " ",
  ),
  ..."EchoNumbers EchoTrainLength NumberOfAverages DiffusionBValue TemporalPositionIdentifier".split(" "),
  ..."Units DecayCorrection CorrectedImage DecayFactor FrameReferenceTime ActualFrameDuration".split(" "),
  ..."RadiopharmaceuticalInformationSequence RadiopharmaceuticalStartTime RadiopharmaceuticalStartDateTime".split(
    " ",
  ),
  ..."RadionuclideTotalDose RadionuclideHalfLife".split(" "),
  // The same, by frame.
  ..."SharedFunctionalGroupsSequence PerFrameFunctionalGroupsSequence FrameContentSequence StackID".split(
    " ",
  ),
  ..."InStackPositionNumber TemporalPositionIndex DimensionIndexValues FrameAcquisitionNumber".split(" "),
  ..."PlanePositionSequence PlaneOrientationSequence PixelMeasuresSequence FrameVOILUTSequence".split(" "),
  ..."PixelValueTransformationSequence FrameAnatomySequence CTImageFrameTypeSequence FrameType".split(" "),
  ..."MRImageFrameTypeSequence DimensionOrganizationSequence DimensionOrganizationUID".split(" "),
  ..."DimensionIndexSequence DimensionIndexPointer FunctionalGroupPointer DimensionOrganizationType".split(
    " ",
  ),
];

const tagsOf = (...groups: (keyof typeof SITE_FIELDS)[]): ReadonlySet<string> =>
  new Set(groups.flatMap((group) => SITE_FIELDS[group].map(tagOf)));

/** Whose values may stand in no text that is kept. A comment says too much else for that. */
export const TELLING_TAGS = tagsOf("site", "station", "serial", "referrer", "numbers");
/** Of these, each word on its own. */
export const NAMING_TAGS = tagsOf("site");
/** What of a header goes out to who may not know the site, at every depth. */
export const SHARED: ReadonlySet<string> = new Set(SHARED_KEYWORDS.map(tagOf));

import type { Inputs } from "#features/shell/trpc.tsx";

export type About = Inputs["mdt"]["askFor"]["about"];

export const ASPECT_NAMES: Record<About, string> = {
  operation: "Operation and side",
  images: "Images",
  report: "Report",
  priors: "Priors",
  "key-images": "Key images",
  question: "Question",
  pathology: "Pathology",
  presenter: "Presenter",
  requirement: "A line of what is needed",
  other: "Something else",
};

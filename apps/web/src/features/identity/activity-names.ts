import type { Activity } from "@weald/core/kernel";

/** What each activity permits, in words. */
export const ACTIVITY_NAMES: Record<Activity, string> = {
  report: "Report studies of the region",
  view: "Look at images of patients with a relationship",
  "state-relationship": "State why they look at a patient",
  acquire: "Check and send what the trust acquired",
  "import-outside": "Add images from outside",
  "manage-archive": "Manage quarantine and corrections",
  "list-for-mdt": "List patients for a meeting",
  "review-access": "Review who looked",
  restrict: "Mark patients as sensitive, record objections",
  "take-out": "Take out a patient's record on their request",
  "watch-safety": "See quarantine, corrections and counts, without images",
  "report-sent": "Report what was sent to them",
  administer: "Give and take away activities",
};

const isActivity = (name: string): name is Activity => name in ACTIVITY_NAMES;
export const activityName = (name: string): string => (isActivity(name) ? ACTIVITY_NAMES[name] : name);
export const ACTIVITY_CHOICES = Object.keys(ACTIVITY_NAMES).filter(isActivity);

import type { Head } from "./read-head.ts";

/** What names a message in its trust for good. */
export const sourceOf = ({ sender, messageId }: Head): string => `${sender} ${messageId}`;

import type { Budget } from "../stack/budget.ts";

const MIB = 1024 ** 2;

/**
 * What a patient's phone keeps of decoded pictures, however long the series: of 300 slices of 512 × 512 at 16 bits (150 MiB) never more
 * than a window around the one that is shown. The one place where this stands (docs/patient-links.md).
 */
export const PHONE_CEILING: Budget = { cacheBytes: 96 * MIB, aheadBytes: 32 * MIB, roomBytes: 24 * MIB };

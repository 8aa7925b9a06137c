/** The final statuses that a plan has slots for, in the contract's order. */
export const PLANNED_STATUSES = [404, 480, 486, 500, 503, 600, 603] as const;
export type PlannedStatus = (typeof PLANNED_STATUSES)[number];

import { eventType } from '../../../core/index.ts';

/** A webhook was accepted: the project should be read again. */
export const DeliveryAccepted = eventType<{ project: string }>('facility.delivery_accepted');
/** Somebody asked for a reading. */
export const ReconcileRequested = eventType<{ project: string }>('facility.reconcile_requested');

export { type Alert, type AlertBatch, MOST_ALERTS, parseAlerts } from './payload.ts';
export { bearerRefusal } from './webhook.ts';

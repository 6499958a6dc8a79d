export { type Alert, type AlertBatch, parseAlerts } from './payload.ts';
export { bearerRefusal } from './webhook.ts';

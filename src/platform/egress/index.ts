export type { AddressProblem } from './address-problem.ts';
export type { Answer } from './answer.ts';
export { createEgress, type EgressOptions } from './create-egress.ts';
export type { Egress, EgressRequest } from './egress.ts';

import { components } from '../modules/components/index.ts';
import { facility } from '../modules/facility/index.ts';
import { statusPage } from '../modules/status-page/index.ts';
import type { Module } from '../platform/module/index.ts';

/** THE list: what the product consists of, in the order of the navigation. */
export const modules: readonly Module[] = [components, statusPage, facility];

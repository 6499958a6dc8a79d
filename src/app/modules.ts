import type { Module } from '../platform/module/index.ts';

/** THE list: what the product consists of. `components` first, since the others are handed its reader. */
export const modules: readonly Module[] = [];

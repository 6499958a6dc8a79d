import type { Migration } from '../../../../platform/database/index.ts';
import { migration as components } from './0001-components.ts';
import { toldHistory } from './0002-told-history.ts';

export const componentsMigrations: readonly Migration[] = [components, toldHistory];

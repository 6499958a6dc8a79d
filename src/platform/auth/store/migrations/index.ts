import type { Migration } from '../../../database/index.ts';
import { migration as accounts } from './0001-accounts.ts';
import { migration as providers } from './0002-providers.ts';

export const AUTH_MIGRATIONS: readonly Migration[] = [accounts, providers];

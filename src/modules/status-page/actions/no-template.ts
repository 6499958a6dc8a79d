import { AppError } from '../../../core/index.ts';

export function noTemplate(id: string): AppError {
  return new AppError('not_found', `There is no template ${id.slice(0, 100)}.`);
}

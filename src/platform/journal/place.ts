import { AppError } from '../../core/index.ts';

/** Where an event stands in the order in which consumers read. */
export interface Place {
  xid: number;
  position: number;
}

export const START: Place = { xid: 0, position: 0 };

const CURSOR = /^(?:(\d{1,15})-)?(\d{1,15})$/;

/** SQLite needs no transaction number, so its cursors are plain numbers. */
export function cursorOf({ xid, position }: Place): string {
  return xid === 0 ? String(position) : `${xid}-${position}`;
}

export function placeOf(cursor: string): Place {
  const parts = CURSOR.exec(cursor);
  if (parts === null)
    throw new AppError('invalid', 'This is no cursor of the journal: leave it out to begin with now.');
  return { xid: Number(parts[1] ?? 0), position: Number(parts[2]) };
}

export function isAfter(a: Place, b: Place): boolean {
  return a.xid > b.xid || (a.xid === b.xid && a.position > b.position);
}

import type { Answer } from '../../../platform/http/index.ts';

type Cell = string | number | null;

/** RFC 4180. Text that a spreadsheet would run as a formula is made plain text by an apostrophe. */
export function csv(fileName: string, rows: readonly (readonly Cell[])[]): Answer {
  const body = rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
  const headers = { 'content-disposition': `attachment; filename="${fileName.replace(/[^a-z0-9._-]/gi, '-')}"` };
  return { type: 'text/csv; charset=utf-8', body, headers };
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const plain = /^[\s\p{Cc}]*[=+\-@|%\t\r]/u.test(cell) ? `'${cell}` : cell;
  return /[",;\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

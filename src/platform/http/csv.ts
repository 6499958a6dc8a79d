import type { Answer } from './web.ts';

type Cell = string | number | null;

/** A file for spreadsheets (RFC 4180). Text that a spreadsheet would run as a formula is made plain by an apostrophe. */
export function csvAnswer(fileName: string, rows: readonly (readonly Cell[])[]): Answer {
  const body = rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
  const headers = { 'content-disposition': `attachment; filename="${fileName.replace(/[^a-z0-9._-]/gi, '-')}"` };
  return { type: 'text/csv; charset=utf-8', body, headers };
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = cell.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd').toWellFormed();
  const plain = /^[\s\p{Cc}\ufffd]*[=+\-@|%\t\r]/u.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

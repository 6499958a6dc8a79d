import type { Answer } from '../../../platform/http/index.ts';

/** A file for spreadsheets (RFC 4180). A cell that a spreadsheet would take for a formula gets an apostrophe before it. */
export function csvAnswer(name: string, rows: readonly (readonly (string | number | null)[])[]): Answer {
  const body = rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
  return {
    type: 'text/csv; charset=utf-8',
    body,
    headers: { 'content-disposition': `attachment; filename="${name}"` },
  };
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd').toWellFormed();
  const safe = /^\s*[=+\-@\t\r|%]/.test(text) ? `'${text}` : text;
  return /[",\r\n;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

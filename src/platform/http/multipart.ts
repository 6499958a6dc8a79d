import { AppError } from '../../core/index.ts';

const MOST_PARTS = 50;
const LONGEST_HEAD = 4096;

/**
 * The fields of a form sent as multipart/form-data, files as their text (RFC 7578). A file that was not chosen is an
 * empty text; of several with one name an array is made, as of other forms.
 */
export function readMultipart(contentType: string, body: Buffer): Record<string, string | string[]> {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw broken();
  const mark = Buffer.from(`--${boundary}`);
  const fields: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  let at = body.indexOf(mark);
  for (let parts = 0; at >= 0; parts += 1) {
    const from = at + mark.length;
    if (body.toString('latin1', from, from + 2) === '--') return fields;
    const next = body.indexOf(Buffer.concat([Buffer.from('\r\n'), mark]), from);
    if (next < 0 || parts === MOST_PARTS) break;
    const { name, text } = readPart(body.subarray(from, next));
    const before = fields[name];
    fields[name] = before === undefined ? text : [before, text].flat();
    at = next + 2;
  }
  throw broken();
}

function readPart(part: Buffer): { name: string; text: string } {
  const end = part.indexOf('\r\n\r\n');
  if (!part.subarray(0, 2).equals(Buffer.from('\r\n')) || end < 0 || end > LONGEST_HEAD) throw broken();
  const head = part.toString('utf8', 2, end);
  const [, name] = /^content-disposition:\s*form-data;(?:[^\r\n]*;)?\s*name="([^"\r\n]{0,200})"/im.exec(head) ?? [];
  if (name === undefined) throw broken();
  try {
    return { name, text: new TextDecoder('utf-8', { fatal: true }).decode(part.subarray(end + 4)) };
  } catch (cause) {
    throw new AppError('invalid', 'The file is no text in UTF-8.', { cause });
  }
}

function broken(): AppError {
  return new AppError('invalid', 'The form could not be read. Open the page again and send it from there.');
}

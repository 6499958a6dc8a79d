/** Advances of the printable ASCII characters, from the space on, in tenths of a pixel at 11 px of a Verdana-like face. */
const ADVANCES = [
  35, 44, 51, 92, 70, 105, 86, 30, 43, 43, 55, 92, 35, 40, 35, 37, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 37, 37, 92,
  92, 92, 58, 110, 75, 75, 77, 85, 70, 63, 85, 83, 32, 32, 72, 61, 95, 82, 87, 66, 87, 76, 70, 67, 81, 75, 109, 75, 67,
  75, 43, 37, 43, 92, 55, 55, 67, 70, 60, 70, 68, 39, 70, 70, 31, 31, 64, 31, 107, 70, 67, 70, 70, 45, 57, 43, 70, 65,
  90, 65, 65, 58, 70, 37, 70, 92,
];
const OTHER = 80;
const WIDE = 130;
/** Scripts whose characters fill a square, and pictures. */
const SQUARE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

/** About how many pixels `text` takes at 11 px; the drawing fits the letters to it exactly. */
export function textWidth(text: string): number {
  let tenths = 0;
  for (const character of text.normalize('NFD')) {
    if (/\p{M}|[\u200b-\u200f]/u.test(character)) continue;
    const advance = ADVANCES[(character.codePointAt(0) ?? 0) - 32];
    tenths += advance ?? (SQUARE.test(character) ? WIDE : OTHER);
  }
  return tenths / 10;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** `text` in one line of at most `most` pixels, cut between characters as people see them. */
export function fitText(text: string, most: number): string {
  // Nothing beyond this can fit, and a name may be very long.
  const line = oneLine(text.slice(0, 400));
  if (text.length <= 400 && textWidth(line) <= most) return line;
  const ellipsis = '…';
  let kept = '';
  let width = textWidth(ellipsis);
  for (const { segment } of graphemes.segment(line)) {
    width += textWidth(segment);
    if (width > most) break;
    kept += segment;
  }
  return `${kept.trimEnd()}${ellipsis}`;
}

/** `text` without line breaks, control characters and the marks that turn its direction. */
export function oneLine(text: string): string {
  return text
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .toWellFormed();
}

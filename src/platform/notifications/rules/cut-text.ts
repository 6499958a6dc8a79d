const ELLIPSIS = '…';

/** At most `most` UTF-16 units with the sign that something is missing, and never half a character. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  return most < 1 ? '' : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}${ELLIPSIS}`;
}

/** The largest number in 0…most with which something still fits; 0 when nothing does. */
export function largestFit(most: number, fits: (size: number) => boolean): number {
  if (fits(most)) return most;
  let [good, bad] = [0, most];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/** Pieces whose `size` is at most `most` each, parted at line ends where there is one, and at blanks else. */
export function pieces(text: string, most: number, size: (part: string) => number): string[] {
  const found: string[] = [];
  let rest = text;
  while (size(rest) > most) {
    const length = largestFit(rest.length, (count) => size(rest.slice(0, count)) <= most);
    const whole = Math.max(1, partingPoint(rest, length));
    found.push(rest.slice(0, whole).trimEnd());
    rest = rest.slice(whole).trimStart();
  }
  return [...found, rest].filter((piece) => piece !== '');
}

function partingPoint(text: string, length: number): number {
  const head = text.slice(0, length);
  for (const separator of ['\n', ' ']) {
    const at = head.lastIndexOf(separator);
    if (at > length / 2) return at + 1;
  }
  return /[\ud800-\udbff]$/.test(head) ? length - 1 : length;
}

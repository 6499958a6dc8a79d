/** A header of a mail has to hold it on one line. */
const MOST = 800;

/** An address that may be a link, written so that it ends nothing it stands in; null for anything else. */
export function webLink(address: string | undefined): string | null {
  const url = URL.parse(address ?? '');
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  const link = url.href.replace(
    /["'<>|\\^`{}()\s]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return link.length > MOST ? null : link;
}

const LIKE_A_SECRET = /sbx_|glpat-|-----BEGIN|\$argon2/g;

/** A text of the catalogue as the audit log takes it: short, and without what it would refuse as a secret. */
export function auditText(text: string, most = 70): string {
  const safe = text.replace(LIKE_A_SECRET, '…');
  return safe.length <= most ? safe : `${safe.slice(0, most - 1).toWellFormed()}…`;
}

/** Whether a mail address is in one of these domains; none: any is. */
export function isInDomain(domains: readonly string[], email: string): boolean {
  const domain = email
    .slice(email.lastIndexOf('@') + 1)
    .trim()
    .toLowerCase();
  return domains.length === 0 || domains.some((allowed) => allowed.toLowerCase().replace(/^@/, '') === domain);
}

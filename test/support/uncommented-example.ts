import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificate } from './certificate.ts';

/** The example with the comment sign off every key, and with its files, which stand in the folder from now on. */
export function uncommentedExample(text: string, folder: string): string {
  const { certificate, key } = makeCertificate(folder, 'fullchain');
  copyFileSync(key, join(folder, 'key.pem'));
  copyFileSync(certificate, join(folder, 'ca.pem'));
  // Prose has a space behind its sign, or spaces before it.
  return text.replace(/^#(?=( {2})*(- )?[A-Za-z_-]+:)/gm, '').replaceAll('/etc/signalbox', folder);
}

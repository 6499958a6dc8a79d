import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A certificate that signed itself, and its key, as the files NAME.pem and NAME.key of the folder. */
export function makeCertificate(folder: string, name: string): { certificate: string; key: string } {
  const certificate = join(folder, `${name}.pem`);
  const key = join(folder, `${name}.key`);
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const out = ['-keyout', key, '-out', certificate];
  execFileSync('openssl', ['req', '-x509', '-nodes', ...curve, ...out, '-days', '2', '-subj', `/CN=${name}`], {
    stdio: 'ignore',
  });
  return { certificate, key };
}

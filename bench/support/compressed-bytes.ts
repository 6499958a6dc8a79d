import { get } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** The compressed bytes themselves, which fetch would unpack. */
export async function compressedBytes(url: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', resolve);
    }).on('error', reject);
  });
  const bytes = Buffer.concat(chunks);
  gunzipSync(bytes);
  return bytes;
}

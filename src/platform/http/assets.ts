import type { Parts } from './server.ts';

/** A file of ours, known before the first request; `path` holds a hash of its content. */
export interface Asset {
  /** `/assets/app.3f9c….css` */
  path: string;
  type: string;
  content: string | Buffer;
}

export function registerAssets({ app, options }: Parts): void {
  for (const asset of options.assets) {
    app.get(`${options.site().basePath}${asset.path}`, async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=31536000, immutable').type(asset.type);
      return asset.content;
    });
  }
}

import type { Parts } from './parts.ts';

export function registerAssets({ app, options }: Parts): void {
  for (const asset of options.assets) {
    app.get(`${options.site().basePath}${asset.path}`, async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=31536000, immutable').type(asset.type);
      return asset.content;
    });
  }
}

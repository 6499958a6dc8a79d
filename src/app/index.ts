export { type App, type AppOptions, createApp } from './create-app.ts';
export { modules } from './modules.ts';
export { listenOrStop, untilStopped } from './run-server.ts';
export { schemaParts } from './schema-parts.ts';
export { VERSION } from './version.ts';

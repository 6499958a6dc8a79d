export * from './actor.ts';
export * from './clock.ts';
export * from './component.ts';
export * from './errors.ts';
export * from './event.ts';
export * from './id.ts';
export * from './key-pattern.ts';
export * from './level.ts';

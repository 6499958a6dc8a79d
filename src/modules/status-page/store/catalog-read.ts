export { type ConnectedComponent, connectedComponents, storedRegions } from './catalog-store.ts';

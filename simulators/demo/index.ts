export { DEVICE_GROUPS, DEVICES, type DeviceGroup, type DeviceState } from './facility.data.ts';
export { demoScript, runDemoScript, type ScriptStep } from './script.ts';
export { LOOP_MS, type Timers } from './timers.ts';
export {
  type DemoHistory,
  type DemoWorld,
  demoHistory,
  deviceStates,
  HISTORY_DAYS,
  type PastState,
  seedDemoWorld,
} from './world.ts';

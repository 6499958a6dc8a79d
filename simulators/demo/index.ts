export { DEVICE_GROUPS, DEVICES, type DeviceGroup, type DeviceState } from './facility.data.ts';
export { demoScript, LOOP_MS, runDemoScript, type ScriptStep, type Timers } from './script.ts';
export {
  type DemoHistory,
  type DemoWorld,
  demoHistory,
  deviceStates,
  HISTORY_DAYS,
  type PastState,
  seedDemoWorld,
} from './world.ts';
